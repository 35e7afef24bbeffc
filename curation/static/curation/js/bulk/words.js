/** The page's words in the curator's language, with numbers and times as people of that language write them. */

import { config, givenWords } from "./given.js";

const numbers = new Intl.NumberFormat(config.language);
const dates = new Intl.DateTimeFormat(config.language, { dateStyle: "short", timeStyle: "short" });

/**
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 */
export function word(key, values = {}) {
  return (givenWords[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => shown(values[name] ?? whole));
}

/** @param {string | number} value */
function shown(value) {
  return typeof value === "number" ? numbers.format(value) : value;
}

/** @param {string} moment as the server writes it */
export function dateOf(moment) {
  return dates.format(new Date(moment));
}

/**
 * As exact as anybody can use: `8 s`, `3 min`, `2 h 10 min`.
 * @param {number} seconds
 */
export function duration(seconds) {
  if (seconds < 90) return word("seconds", { n: Math.max(1, Math.round(seconds)) });
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return word("minutes", { n: minutes });
  return word("hours", { n: Math.floor(minutes / 60), m: minutes % 60 });
}

/** @param {string} path `calm` or `calm/cat` */
export function moodOf(path) {
  const [emotion, ...favorite] = path.split("/");
  return [word(`emotion_${emotion}`), ...favorite].join(" · ");
}
