/**
 * The words of staff pages' scripts: gettext, with Django's catalogue of the page's language, which the page loads before
 * its modules (`garden/pages/script_catalog.py`). Without one, as in tests, words are English.
 */

import { fill } from "./page.js";

/**
 * What fills the blanks `{name}` of a text. Numbers are written as in the page's language; give one that identifies
 * (a seed, a year) as a string.
 * @typedef {Record<string, string | number>} Values
 */

/** @type {NonNullable<Window["django"]>} */
const catalog = globalThis.window?.django ?? {
  gettext: (msgid) => msgid,
  ngettext: (singular, plural, count) => (count === 1 ? singular : plural),
};
const numbers = new Intl.NumberFormat(globalThis.document?.documentElement?.lang || "en");

/** @param {string} msgid @param {Values} [values] */
export function gettext(msgid, values) {
  return interpolate(catalog.gettext(msgid), values);
}

/**
 * @param {string} singular
 * @param {string} plural
 * @param {number} count
 * @param {Values} [values] `{count}` is filled in without being given
 */
export function ngettext(singular, plural, count, values) {
  return interpolate(catalog.ngettext(singular, plural, count), { count, ...values });
}

/** @param {string} text @param {Values} [values] */
export function interpolate(text, values = {}) {
  return fill(text, values, numbers);
}
