import { readJson, wordsOf } from "../../../garden/lib/page.js";

/**
 * The server's data for the GPU switch; null on pages without one.
 * @typedef {Object} Config
 * @property {string} language
 * @property {string} csrfToken
 * @property {Record<string, string>} words
 * @property {{look: string, start: string, stop: string, idle: string}} paths
 *
 * @typedef {Object} Outlook how the hosts are, as `/gpu-hosts` says
 * @property {"unmanaged" | "off" | "starting" | "on" | "stopping"} state
 * @property {Record<string, string>} hosts
 * @property {number} waiting
 * @property {number} running
 * @property {number} workers
 * @property {number} idle_seconds
 * @property {number} idle_chosen 0 is the site's own setting
 * @property {string | null} stops_at
 * @property {boolean} held
 */

/** @type {Config} */
export const config = readJson("gpu-config");
export const word = wordsOf(config?.words ?? {});
