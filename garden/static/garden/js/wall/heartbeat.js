/** Telling the garden that this wall lives, what it shows, and what is wrong. Whether that arrives changes nothing. */

import { config, ownSlot } from "./config.js";

const EVERY_MS = 15000;
const GATHER_MS = 200;
const PATIENCE_MS = 10000;

const startedAt = new Date().toISOString();
const shown = { key: "", version: 0 };
let gathers = false;
/** @type {() => void} */
let onRefused = () => {};

/** @param {() => void} listener called when the garden does not know this page (any more) */
export function startHeartbeat(listener) {
  onRefused = listener;
  onProblemChange(soon);
  setInterval(soon, EVERY_MS);
}

/**
 * @param {string} key of the picture on screen, empty for none
 * @param {number} version of the zone that it is from
 */
export function tellShown(key, version) {
  if (shown.key === key && shown.version === version) return;
  Object.assign(shown, { key, version });
  soon();
}

/** At once, except that simultaneous changes are reported together. */
function soon() {
  if (gathers) return;
  gathers = true;
  setTimeout(() => {
    gathers = false;
    void beat().catch(() => {});
  }, GATHER_MS);
}

async function beat() {
  const response = await fetch(config.paths.heartbeat, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": config.csrfToken },
    body: JSON.stringify({
      display: `${config.zone}/${ownSlot}`,
      version: config.version,
      zone_version: shown.version,
      on_screen: shown.key,
      screen: `${Math.round(screen.width * devicePixelRatio)}x${Math.round(screen.height * devicePixelRatio)}`,
      started_at: startedAt,
      problem: problemsTold(),
    }),
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  if (response.status === 401 || response.status === 403) onRefused();
}

const LONGEST = 500;

/** @type {Map<string, string>} */
const problems = new Map();
/** @type {() => void} */
let notify = () => {};

/** @param {() => void} listener called whenever what is wrong has changed */
export function onProblemChange(listener) {
  notify = listener;
}

/**
 * @param {string} about what it is about; a second problem about the same replaces the first
 * @param {unknown} what
 */
export function noteProblem(about, what) {
  const text = `${about}: ${what instanceof Error ? what.message : what}`;
  if (problems.get(about) === text) return;
  problems.set(about, text);
  notify();
}

/** @param {string} about */
export function clearProblem(about) {
  if (problems.delete(about)) notify();
}

export function problemsTold() {
  return [...problems.values()].join("; ").slice(0, LONGEST);
}
