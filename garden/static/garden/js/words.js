/** Every word on the page, switched in place: a visitor changes the language and keeps their visit; and its letters. */

import { fill, find, findAll, pause, setText } from "../lib/page.js";
import { config } from "./config.js";

/** @param {string} key @param {Record<string, string | number>} [values] */
export function word(key, values = {}) {
  return fill(config.words[document.documentElement.lang][key] ?? key, values);
}

/** @param {string} key */
export function hasWord(key) {
  return key in config.words.en;
}

/**
 * Put a word into an element, so that it follows the language.
 * @param {HTMLElement} element
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 */
export function setWord(element, key, values = {}) {
  element.dataset.word = key;
  element.dataset.wordValues = JSON.stringify(values);
  setText(element, word(key, values));
}

/** @param {string} language */
export function speak(language) {
  document.documentElement.lang = language;
  document.title = word("page_title");
  for (const element of findAll("[data-word]")) {
    element.textContent = word(element.dataset.word ?? "", JSON.parse(element.dataset.wordValues ?? "{}"));
  }
  for (const attribute of ["aria-label", "alt"]) {
    const key = `data-word-${attribute}`;
    for (const element of findAll(`[${key}]`)) element.setAttribute(attribute, word(element.getAttribute(key) ?? ""));
  }
  for (const button of findAll("[data-language]")) {
    button.setAttribute("aria-pressed", String(button.dataset.language === language));
  }
  document.dispatchEvent(new CustomEvent("languagechange"));
}

const PATIENCE_MS = 3000;
/** Latin letters and the signs around them come with the page in every language. */
const OTHER_LETTERS = /[^ -ÿ\u2010-\u2026]/;

let fetched = false;

/** When the first words can be shown as they stay; soon, in any case. */
export function lettersReady() {
  const words = Object.values(config.words[config.language]).join("");
  const families = [document.body, find("h1")].map((element) => getComputedStyle(element).fontFamily);
  const fonts = families.map((family) => document.fonts.load(`1em ${family}`, words));
  return Promise.race([Promise.allSettled(fonts), pause(PATIENCE_MS)]);
}

/** Text that others wrote: a favorite, the name of a room. @param {string} text */
export function needLetters(text) {
  if (fetched || !OTHER_LETTERS.test(text)) return;
  fetched = true;
  for (const href of config.fonts) {
    document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href }));
  }
}
