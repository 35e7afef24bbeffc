/** Asking for a better look in calm words, a few times and no more. */

import { sectionOf } from "../stage.js";
import { setWord } from "../words.js";

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
 * @param {boolean} isFile of a photo that was chosen: nobody can step closer to that
 */
export function advise(fault, isFile) {
  setWord(hint, fault in WORD ? (isFile ? `photo_${fault}` : WORD[fault]) : isFile ? "photo_unclear" : "hint_no_face");
  for (const drawn of faults) drawn.toggleAttribute("hidden", drawn.dataset.fault !== fault);
  sign.toggleAttribute("hidden", isFile);
}

export function hideAdvice() {
  sign.toggleAttribute("hidden", true);
}
