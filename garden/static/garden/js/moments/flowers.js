/** Flowers, copied from the wheel so that each is drawn in one place. */

import { setWord } from "../words.js";

/** @param {string} emotion */
export function makeFlower(emotion) {
  return /** @type {SVGElement} */ (moodOnWheel(emotion).querySelector(".glyph")).cloneNode(true);
}

/** @param {string} emotion */
export function makeMoodButton(emotion) {
  const copy = /** @type {HTMLButtonElement} */ (moodOnWheel(emotion).cloneNode(true));
  delete copy.dataset.place;
  setWord(copy.querySelector("span"), `mood_${emotion}`);
  return copy;
}

/** @param {string} emotion */
function moodOnWheel(emotion) {
  return /** @type {HTMLButtonElement} */ (document.querySelector(`.wheel .mood[data-mood="${emotion}"]`));
}
