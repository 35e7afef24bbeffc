/**
 * What the server told the page.
 * @typedef {Object} Engine
 * @property {string} name
 * @property {string[]} sizes as in `768×512`
 * @property {{multiple: number, minimum: number, maximum: number}} limits in pixels
 *
 * @typedef {Object} Config
 * @property {string} language
 * @property {string} csrfToken
 * @property {Engine[]} engines
 * @property {Record<string, string>} words
 * @property {string} make
 * @property {string} progress `{job}` stands for a job's id
 */

/** @type {Config} */
export const config = JSON.parse(document.getElementById("try-config")?.textContent ?? "null");

/**
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 */
export function word(key, values = {}) {
  return (config.words[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/**
 * An element that the page always has.
 * @template {HTMLElement} [T=HTMLElement]
 * @param {string} selector
 * @returns {T}
 */
export function find(selector) {
  return /** @type {T} */ (document.querySelector(selector));
}
