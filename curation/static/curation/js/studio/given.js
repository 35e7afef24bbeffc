/**
 * What the server told the page.
 * @typedef {Object} Config
 * @property {string} language
 * @property {string} csrfToken
 * @property {Record<string, string>} words
 * @property {Record<string, string>} paths
 * @property {Record<string, boolean>} may
 * @property {any} picture
 */

/** @type {Config & Record<string, any>} */
export const config = JSON.parse(document.getElementById("studio-config")?.textContent ?? "null");

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
 * @param {ParentNode} [within]
 * @returns {T}
 */
export function find(selector, within = document) {
  return /** @type {T} */ (within.querySelector(selector));
}

/**
 * @template {HTMLElement} [T=HTMLElement]
 * @param {string} selector
 * @param {ParentNode} [within]
 * @returns {T[]}
 */
export function findAll(selector, within = document) {
  return /** @type {T[]} */ ([...within.querySelectorAll(selector)]);
}
