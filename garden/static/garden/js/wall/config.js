import { readJson } from "../../lib/page.js";

/**
 * The server's data for the page.
 * @typedef {Object} Config
 * @property {string} version of the page
 * @property {string} zone
 * @property {number} number
 * @property {"h" | "v"} side
 * @property {{scope: string, worker: string, manifest: string, heartbeat: string}} paths
 */

const SHORTEST_S = 0.2;
const LONGEST_S = 3600;
const DEFAULT_S = 1;

/** @type {Config} */
export const config = readJson("wall-config");

/** As in manifests: `3h`. */
export const ownSlot = `${config.number}${config.side}`;

/** After so long at most a change is on the wall. */
export const periodMs = 1000 * periodIn(new URLSearchParams(location.search).get("period"));

/** @param {string | null} asked in seconds */
function periodIn(asked) {
  const seconds = Number(asked || DEFAULT_S);
  return Number.isFinite(seconds) ? Math.min(LONGEST_S, Math.max(SHORTEST_S, seconds)) : DEFAULT_S;
}
