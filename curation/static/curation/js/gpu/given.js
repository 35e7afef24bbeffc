/**
 * What the server told the page of the GPU's switch; null on pages without one.
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
export const config = JSON.parse(document.getElementById("gpu-config")?.textContent ?? "null");

/**
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 */
export function word(key, values = {}) {
  return (config.words[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}
