/** What the look shows beside the live picture: how well the face is framed, the count, and what would be better. */

import { sectionOf } from "../stage.js";
import { setWord } from "../words.js";

const mirror = /** @type {HTMLElement} */ (document.querySelector(".mirror"));
const quality = /** @type {SVGElement} */ (mirror.querySelector(".ring-quality"));
const hold = /** @type {SVGElement} */ (mirror.querySelector(".ring-fill"));
const count = /** @type {HTMLElement} */ (mirror.querySelector(".mirror-count"));

/** @param {number} part 0 … 1 */
export function showQuality(part) {
  quality.style.strokeDashoffset = String(1 - part);
  quality.style.opacity = part > 0 ? "0.8" : "0";
  mirror.classList.toggle("is-good", part >= 1);
}

/** @param {number} part 0 … 1 */
export function showHold(part) {
  hold.style.strokeDashoffset = String(1 - Math.min(1, part));
  hold.style.opacity = part > 0 ? "1" : "0";
}

/** @param {number} seconds 0 shows nothing */
export function showCount(seconds) {
  count.textContent = seconds > 0 ? String(seconds) : "";
}

/** @typedef {"several" | "small" | "covered" | "tilted" | "turned" | "dark" | "bright" | "blurred" | "picture"} Fault */

const MOST_LOOKS = 3;
/** @type {Record<Fault, string>} */
const WORD = {
  several: "better_several",
  small: "hint_closer",
  covered: "better_covered",
  tilted: "better_tilted",
  turned: "better_turned",
  dark: "hint_brighter",
  bright: "hint_darker",
  blurred: "better_blurred",
  picture: "better_picture",
};

const section = sectionOf("look");
const hint = section.querySelector(".look-hint");
const sign = /** @type {SVGElement} */ (section.querySelector(".look-sign"));
const faults = /** @type {SVGElement[]} */ ([...sign.querySelectorAll("[data-fault]")]);

let looks = 0;

export function beginLooks() {
  looks = 0;
  hideAdvice();
}

/** One more look was not good enough. Whether another one may be asked for. */
export function mayLookAgain() {
  looks += 1;
  return looks < MOST_LOOKS;
}

/**
 * @param {Fault} fault what to mend first
 * @param {boolean} isFile of a chosen photo, for which advice on distance is useless
 */
export function advise(fault, isFile) {
  setWord(hint, fault in WORD ? (isFile ? `photo_${fault}` : WORD[fault]) : isFile ? "photo_unclear" : "hint_no_face");
  for (const drawn of faults) drawn.toggleAttribute("hidden", drawn.dataset.fault !== fault);
  sign.toggleAttribute("hidden", isFile);
}

export function hideAdvice() {
  sign.toggleAttribute("hidden", true);
}
