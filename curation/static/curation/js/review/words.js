/** The page's words in the curator's language. */

import { config, given } from "./config.js";

/** @type {Record<string, string>} */
const words = given("review-words");
const numbers = new Intl.NumberFormat(config.language);

/**
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 */
export function word(key, values = {}) {
  return (words[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => shown(values[name] ?? whole));
}

/** @param {string | number} value */
export function shown(value) {
  return typeof value === "number" ? numbers.format(value) : value;
}
