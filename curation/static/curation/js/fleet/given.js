/**
 * What the server told the page.
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

/** @param {string} id */
function given(id) {
  return JSON.parse(document.getElementById(id)?.textContent ?? "null");
}

/** @type {Config} */
export const config = given("fleet-config");
/** @type {Record<string, string>} */
export const words = given("fleet-words");
/** @type {Fleet} */
export const first = given("fleet-first");

/**
 * @param {ParentNode} within
 * @param {string} selector
 */
export function find(within, selector) {
  return /** @type {HTMLElement} */ (within.querySelector(selector));
}

/**
 * A copy of a template's only element.
 * @param {string} id
 */
export function copyOf(id) {
  const template = /** @type {HTMLTemplateElement} */ (document.getElementById(id));
  return /** @type {HTMLElement} */ (template.content.firstElementChild?.cloneNode(true));
}
