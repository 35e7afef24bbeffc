/** Words, numbers and times in the operator's language. */

import { config, words } from "./given.js";

const numbers = new Intl.NumberFormat(config.language);
const relative = new Intl.RelativeTimeFormat(config.language, { numeric: "auto", style: "short" });
const moments = new Intl.DateTimeFormat(config.language, { weekday: "short", hour: "numeric", minute: "2-digit" });
/** @type {[Intl.RelativeTimeFormatUnit, number][]} */
const UNITS = [
  ["day", 86400],
  ["hour", 3600],
  ["minute", 60],
];

/** How far this machine's clock is from the server's, in milliseconds. */
let ahead = Date.now() - Date.parse(config.now);

/** @param {string | null} date of an answer that just came */
export function setClock(date) {
  if (date) ahead = Date.now() - Date.parse(date);
}

/**
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 */
export function word(key, values = {}) {
  return (words[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => shown(values[name] ?? whole));
}

/** @param {string} key */
export function hasWord(key) {
  return key in words;
}

/** @param {string | null} moment of the server's clock */
export function ago(moment) {
  const seconds = Math.max(0, Math.round((Date.now() - ahead - Date.parse(moment ?? config.now)) / 1000));
  for (const [unit, length] of UNITS) {
    if (seconds >= length) return relative.format(-Math.floor(seconds / length), unit);
  }
  return relative.format(-seconds, "second");
}

/** @param {string} moment */
export function timeOf(moment) {
  return moments.format(new Date(moment));
}

/** @param {string | number} value */
function shown(value) {
  return typeof value === "number" ? numbers.format(value) : value;
}

/**
 * @param {HTMLElement} element
 * @param {string} text
 */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
  element.hidden = text === "";
}
