import { readJson, setText, wordsOf } from "../../../garden/lib/page.js";

/**
 * The server's data for the page.
 * @typedef {Object} Config
 * @property {string} language
 * @property {string} csrfToken
 * @property {string} now by the server's clock, when it sent the page
 * @property {{quiet: boolean}} may
 * @property {{fleet: string, quiet: string}} paths
 *
 * @typedef {"alarm" | "trouble" | "well" | "unseen" | "off"} State
 *
 * @typedef {Object} Device
 * @property {string} id
 * @property {"display" | "kiosk"} kind
 * @property {string} name
 * @property {string} slot
 * @property {string} zone
 * @property {string} place
 * @property {State} state
 * @property {{kind: string, detail: string, since: string}[]} alarms
 * @property {string | null} heard
 * @property {string | null} started
 * @property {string} version
 * @property {boolean} old
 * @property {string} on_screen
 * @property {string} thumb
 * @property {string} screen
 * @property {string} problem
 * @property {boolean} behind
 * @property {string | null} quiet_until
 * @property {string} quiet_by
 * @property {string} wall
 * @property {string} edit
 *
 * @typedef {{name: string, key: string, thumb: string}} Slot
 * @typedef {{name: string, title: string, dark: boolean, slots: Slot[]}} Zone
 *
 * @typedef {Object} Fleet
 * @property {Record<string, number>} counts
 * @property {Device[]} devices
 * @property {Zone[]} zones
 * @property {boolean} watching
 * @property {string} untold
 */

/** @type {Config} */
export const config = readJson("fleet-config");
/** @type {Fleet} */
export const first = readJson("fleet-first");
const words = readJson("fleet-words");
export const word = wordsOf(words, config.language);
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

/**
 * @param {HTMLElement} element
 * @param {string} text
 */
export function write(element, text) {
  setText(element, text);
  element.hidden = text === "";
}
