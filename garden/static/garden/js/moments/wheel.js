import { addMoment, sectionOf, show } from "../stage.js";
import { visit } from "../visit.js";

const STEPS = /** @type {Record<string, number>} */ ({ ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 });

const section = sectionOf("wheel");
const moods = /** @type {HTMLButtonElement[]} */ ([...section.querySelectorAll(".mood")]);

/** Eight flowers; the way in without a camera. */
export function addWheel() {
  addMoment("wheel", { back: "consent" });
  for (const mood of moods) mood.addEventListener("click", () => choose(mood));
  section.addEventListener("keydown", turnWheel);
}

/** @param {HTMLButtonElement} mood */
function choose(mood) {
  visit.emotion = mood.dataset.mood;
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
