/** Every word on the page, switched in place: a visitor changes the language and keeps their visit; and its letters. */

import { fill, findAll, pause, setText } from "../lib/page.js";
import { config } from "./config.js";

let language = config.language;

/** @param {string} key @param {Record<string, string | number>} [values] */
export function word(key, values = {}) {
  const text = config.words[language]?.[key] ?? config.words.en[key] ?? key;
  return fill(text, values);
}

/** @param {string} key */
export function hasWord(key) {
  return key in config.words.en;
}

/**
 * Put a word into an element, so that it follows the language.
 * @param {Element | null} element
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 */
export function setWord(element, key, values = {}) {
  if (!(element instanceof HTMLElement)) return;
  element.dataset.word = key;
  element.dataset.wordValues = JSON.stringify(values);
  setText(element, word(key, values));
}

/** @param {string} wanted */
export function speak(wanted) {
  language = wanted in config.words ? wanted : config.language;
  document.documentElement.lang = language;
  document.title = word("page_title");
  for (const element of findAll("[data-word]")) {
    element.textContent = word(element.dataset.word ?? "", JSON.parse(element.dataset.wordValues ?? "{}"));
  }
  relabel("data-word-label", "aria-label");
  relabel("data-word-alt", "alt");
  for (const button of document.querySelectorAll("[data-language]")) {
    button.setAttribute("aria-pressed", String(button.getAttribute("data-language") === language));
  }
  document.dispatchEvent(new CustomEvent("languagechange"));
}

/** @param {string} keyAttribute @param {string} attribute */
function relabel(keyAttribute, attribute) {
  for (const element of document.querySelectorAll(`[${keyAttribute}]`)) {
    element.setAttribute(attribute, word(element.getAttribute(keyAttribute) ?? ""));
  }
}

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
