/** Every word on the page, switched in place: a visitor changes the language and keeps their visit. */

import { config } from "./config.js";

let language = config.language;

/**
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 */
export function word(key, values = {}) {
  const text = config.words[language]?.[key] ?? config.words.en[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
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
  if (element.textContent !== word(key, values)) element.textContent = word(key, values);
}

/** @param {string} wanted */
export function speak(wanted) {
  language = wanted in config.words ? wanted : config.language;
  document.documentElement.lang = language;
  document.title = word("page_title");
  for (const element of document.querySelectorAll("[data-word]")) rewrite(/** @type {HTMLElement} */ (element));
  relabel("data-word-label", "aria-label");
  relabel("data-word-alt", "alt");
  for (const button of document.querySelectorAll("[data-language]")) {
    button.setAttribute("aria-pressed", String(button.getAttribute("data-language") === language));
  }
  document.dispatchEvent(new CustomEvent("languagechange"));
}

/** @param {HTMLElement} element */
function rewrite(element) {
  element.textContent = word(element.dataset.word ?? "", JSON.parse(element.dataset.wordValues ?? "{}"));
}

/**
 * @param {string} keyAttribute
 * @param {string} attribute
 */
function relabel(keyAttribute, attribute) {
  for (const element of document.querySelectorAll(`[${keyAttribute}]`)) {
    element.setAttribute(attribute, word(element.getAttribute(keyAttribute) ?? ""));
  }
}
