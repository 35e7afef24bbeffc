/** The visitor's mood: a reading is a question, as the visitor knows best; the wheel is the way in without a camera. */

import { find, findAll } from "../../lib/page.js";
import { feel } from "../api.js";
import { addMoment, sectionOf, show } from "../stage.js";
import { visit } from "../visit.js";
import { setWord } from "../words.js";

const STEPS = /** @type {Record<string, number>} */ ({ ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 });

const wheel = sectionOf("wheel");
const moods = findAll(".mood", wheel);

/** Eight flowers; the way in without a camera. */
addMoment("wheel", { back: "consent", enter: showHint });
for (const mood of moods) mood.addEventListener("click", () => choose(mood));
wheel.addEventListener("keydown", turnWheel);

/** @param {string} [why] the visitor is here instead of before the camera */
function showHint(why = "wheel_hint") {
  setWord(find(".wheel-hint", wheel), why);
}

/** @param {HTMLElement} mood */
function choose(mood) {
  feel(mood.dataset.mood ?? "calm");
  show("garden");
}

/** Arrow keys walk around the wheel. @param {KeyboardEvent} event */
function turnWheel(event) {
  const step = STEPS[event.key];
  if (!step) return;
  event.preventDefault();
  const at = moods.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  moods[(Math.max(at, step > 0 ? -1 : 0) + step + moods.length) % moods.length].focus();
}

/** @param {string} emotion */
export function makeFlower(emotion) {
  return find(".glyph", moodOnWheel(emotion)).cloneNode(true);
}

/** @param {string} emotion */
function moodOnWheel(emotion) {
  return find(`.mood[data-mood="${emotion}"]`, wheel);
}

const MOST = 3;
/** The share from which another mood than the strongest is offered: an even spread over eight moods gives each 0.125. */
const PLAUSIBLE = 0.1;

const section = sectionOf("question");
const guesses = find(".guesses", section);

/** The reading is a question: the visitor knows best. */
addMoment("question", { back: "look", enter, leave: () => guesses.replaceChildren() });

function enter() {
  const guess = visit.guess ?? "calm";
  section.dataset.mood = guess;
  setWord(find("h1", section), `look_${guess}`);
  guesses.replaceChildren(...likelyMoods(guess, visit.scores ?? {}).map(makeGuess));
}

/**
 * The guess, then the others that are plausible, the strongest first; "something else" leads to all eight.
 * @param {string} guess
 * @param {Record<string, number>} scores
 */
function likelyMoods(guess, scores) {
  const others = Object.keys(scores)
    .filter((emotion) => emotion !== guess && scores[emotion] >= PLAUSIBLE)
    .sort((a, b) => scores[b] - scores[a]);
  return [guess, ...others].slice(0, MOST);
}

/** @param {string} emotion */
function makeGuess(emotion) {
  const guess = /** @type {HTMLElement} */ (moodOnWheel(emotion).cloneNode(true));
  setWord(find("span", guess), `mood_${emotion}`);
  guess.addEventListener("click", () => choose(guess));
  return guess;
}
