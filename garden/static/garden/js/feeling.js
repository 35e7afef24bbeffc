/** The visitor says how they feel, and by it whether the guess was right. */

import { tellGuess } from "./api.js";
import { visit } from "./visit.js";

/** @param {string} emotion */
export function feel(emotion) {
  visit.emotion = emotion;
  if (!visit.guess || visit.answered) return;
  visit.answered = true;
  tellGuess(visit.guess, emotion);
}
