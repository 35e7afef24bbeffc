import { fill, readJson } from "../../../garden/lib/page.js";

/**
 * The server's data for the page.
 * @typedef {Object} Config
 * @property {string} language
 * @property {string} csrfToken
 * @property {Record<string, string>} labels what settings are called
 * @property {Record<string, string>} paths
 * @property {Record<string, boolean>} may
 * @property {any} picture
 */

/** @type {Config & Record<string, any>} */
export const config = readJson("studio-config");

/** The address of a route, its `{name}` filled in. @param {string} route @param {Record<string, string>} [names] */
export function pathOf(route, names = {}) {
  return fill(config.paths[route], names);
}
