/** What the server told the page, and its words in the curator's language. */

/**
 * @typedef {Object} Rival
 * @property {number} id
 * @property {string} key
 * @property {string} url
 * @property {string} thumb
 * @property {string} emotion
 * @property {string} favorite
 * @property {string} state
 * @property {string} verdict
 * @property {number | null} rating
 * @property {number} width
 * @property {number} height
 * @property {string} prompt
 * @property {string} model
 * @property {number | null} seed
 * @property {number} liked
 * @property {number} shown
 * @property {number} sharpness
 * @property {number} distance
 *
 * @typedef {{id: number, size: number, images: Rival[]}} Group
 */

/** @param {string} id */
export function given(id) {
  return JSON.parse(document.getElementById(id)?.textContent ?? "null");
}

export const config = given("alike-config");
const words = given("alike-words");
const numbers = new Intl.NumberFormat(config.language);

/**
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 * @returns {string}
 */
export function word(key, values = {}) {
  return (words[key] ?? key).replace(/\{(\w+)\}/g, (/** @type {string} */ whole, /** @type {string} */ name) => {
    const value = values[name] ?? whole;
    return typeof value === "number" ? numbers.format(value) : value;
  });
}
