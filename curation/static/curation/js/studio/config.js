/** The server's data for the page, and work that says on it what goes wrong. */

import { fill, find, readJson } from "../../../garden/lib/page.js";
import { showError } from "../errors.js";

/**
 * @typedef {Object} Config
 * @property {Record<string, string>} labels what settings are called
 * @property {Record<string, string>} paths
 * @property {Record<string, boolean>} may
 */

/** @type {Config & Record<string, any>} */
export const config = readJson("studio-config");

/** The address of a route, its `{name}` filled in. @param {string} route @param {Record<string, string>} [names] */
export function pathOf(route, names = {}) {
  return fill(config.paths[route], names);
}

/** Does it, and says what goes wrong. @param {() => Promise<unknown>} work */
export async function trying(work) {
  try {
    await work();
  } catch (error) {
    showError(error);
  }
}

/** @param {string} selector of the button @param {() => Promise<unknown>} work @param {ParentNode} [within] */
export function onClick(selector, work, within) {
  find(selector, within).addEventListener("click", () => void trying(work));
}
