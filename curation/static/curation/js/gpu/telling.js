/** How the hosts are, in words. */

import { word } from "./given.js";

/** @typedef {import("./given.js").Outlook} Outlook */

/** @param {number} seconds */
export function minutes(seconds) {
  return Math.max(1, Math.round(seconds / 60));
}

/**
 * The one line of the lamp.
 * @param {Outlook} outlook
 * @param {number} now the garden's clock, in milliseconds
 */
export function lineOf(outlook, now) {
  const parts = [word(outlook.state)];
  if (outlook.state === "on") parts.push(goingOn(outlook, now));
  else if (outlook.waiting) parts.push(word("waiting", { count: outlook.waiting }));
  return parts.filter(Boolean).join(" · ");
}

/** @param {Outlook} outlook */
export function workOf(outlook) {
  return ["running", "waiting", "workers"].map((key) => word(key, { count: countOf(outlook, key) })).join(" · ");
}

/**
 * What will become of the pictures that wait while the hosts are off.
 * @param {Outlook} outlook
 */
export function adviceOf(outlook) {
  if (outlook.state !== "off" || !outlook.waiting) return "";
  return word(outlook.held ? "waiting_held" : "waiting_start");
}

/**
 * @param {Outlook | null} outlook
 * @param {string} deed
 */
export function questionOf(outlook, deed) {
  if (deed === "start") return word("ask_start", { minutes: minutes(outlook?.idle_seconds ?? 0) });
  const { running = 0, waiting = 0 } = outlook ?? {};
  return word(running + waiting ? "ask_stop_work" : "ask_stop", { running, waiting });
}

/**
 * @param {Outlook} outlook
 * @param {number} now
 */
function goingOn(outlook, now) {
  if (outlook.running) return word("at_work");
  if (outlook.waiting) return word(outlook.workers ? "at_work" : "loading");
  if (!outlook.stops_at) return "";
  const left = (Date.parse(outlook.stops_at) - now) / 1000;
  return left < 60 ? word("stops_soon") : word("stops_in", { minutes: minutes(left) });
}

/**
 * @param {Outlook} outlook
 * @param {string} key
 */
function countOf(outlook, key) {
  return Number(/** @type {Record<string, any>} */ (outlook)[key]);
}
