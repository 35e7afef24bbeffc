/** The letters of the page: those of its own words come with it, any other ones when somebody writes with them. */

import { config } from "./config.js";

const PATIENCE_MS = 3000;
/** Latin letters and the signs around them come with the page in every language. */
const OTHER_LETTERS = /[^ -ÿ\u2010-\u2026]/;

let fetched = false;

/** When the first words can be shown as they stay; soon, in any case. */
export function lettersReady() {
  const words = Object.values(config.words[config.language] ?? {}).join("");
  const read = getComputedStyle(document.body);
  const large = getComputedStyle(/** @type {Element} */ (document.querySelector("h1")));
  const fonts = [read, large].map((style) => document.fonts.load(`1em ${style.fontFamily}`, words));
  return Promise.race([Promise.allSettled(fonts), new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))]);
}

/**
 * Text that others wrote: a favorite, the name of a room.
 * @param {string} text
 */
export function needLetters(text) {
  if (fetched || !OTHER_LETTERS.test(text)) return;
  fetched = true;
  for (const href of config.fonts) {
    const sheet = document.createElement("link");
    sheet.rel = "stylesheet";
    sheet.href = href;
    document.head.append(sheet);
  }
}
