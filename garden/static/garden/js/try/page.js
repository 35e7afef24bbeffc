/** What the test pages share: asking with the time it took, and finding their elements. */

import { config } from "../config.js";
import { word } from "../words.js";

/**
 * @typedef {Object} Answered
 * @property {number} status 0 where nobody answered
 * @property {number} ms
 * @property {string} text
 * @property {any} data the JSON, or null
 */

/**
 * @param {string} path
 * @param {BodyInit} body
 * @param {Record<string, string>} headers
 * @returns {Promise<Answered>}
 */
export async function ask(path, body, headers) {
  const begun = performance.now();
  try {
    const response = await fetch(path, {
      method: "POST",
      body,
      headers: { ...headers, "X-CSRFToken": config.csrfToken },
    });
    const text = await response.text();
    return { status: response.status, ms: Math.round(performance.now() - begun), text, data: dataIn(text) };
  } catch {
    return { status: 0, ms: 0, text: "", data: null };
  }
}

/**
 * @param {string} path
 * @param {unknown} content
 */
export function askJson(path, content) {
  return ask(path, JSON.stringify(content), { "Content-Type": "application/json" });
}

/**
 * How it was answered, and why where it was refused.
 * @param {Answered} answer
 */
export function sentenceOf({ status, ms, data }) {
  if (status === 0) return word("no_answer");
  const said = word("answered", { status, ms });
  return data?.detail ? `${said}: ${data.detail}` : said;
}

/**
 * An element that the page always has.
 * @template {HTMLElement} [T=HTMLElement]
 * @param {string} selector
 * @param {ParentNode} [parent]
 * @returns {T}
 */
export function find(selector, parent = document) {
  return /** @type {T} */ (parent.querySelector(selector));
}

/**
 * @param {string} tag
 * @param {string} [text]
 */
export function element(tag, text = "") {
  const made = document.createElement(tag);
  made.textContent = text;
  return made;
}

/** @param {string} text */
function dataIn(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
