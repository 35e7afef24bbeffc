import { feel } from "../api.js";
import { addMoment, sectionOf, show } from "../stage.js";
import { setWord } from "../words.js";

const STEPS = /** @type {Record<string, number>} */ ({ ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 });

const section = sectionOf("wheel");
const moods = /** @type {HTMLButtonElement[]} */ ([...section.querySelectorAll(".mood")]);

/** Eight flowers; the way in without a camera. */
export function addWheel() {
  addMoment("wheel", { back: "consent", enter: hint });
  for (const mood of moods) mood.addEventListener("click", () => choose(mood));
  section.addEventListener("keydown", turnWheel);
}

/** @param {string} [why] the visitor is here instead of before the camera */
function hint(why = "wheel_hint") {
  setWord(section.querySelector(".wheel-hint"), why);
}

/** @param {HTMLButtonElement} mood */
function choose(mood) {
  feel(mood.dataset.mood ?? "calm");
  show("garden");
}

/** Arrow keys walk around the wheel.
 * @param {KeyboardEvent} event
 */
function turnWheel(event) {
  const step = STEPS[event.key];
  if (!step) return;
  event.preventDefault();
  const at = moods.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
  moods[(Math.max(at, step > 0 ? -1 : 0) + step + moods.length) % moods.length].focus();
}

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
