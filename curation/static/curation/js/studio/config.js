/** The server's data for the page, and what a request that fails says on it. */

import { ApiError } from "../../../garden/lib/http.js";
import { errorMessage } from "../../../garden/lib/messages.js";
import { fill, find, readJson } from "../../../garden/lib/page.js";
import { showStatus } from "../status.js";

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

/** Shows why a request failed; other errors are thrown on. @param {unknown} error */
export function showError(error) {
  if (!(error instanceof ApiError)) throw error;
  const answered = error.kind === "refused" || error.kind === "server";
  showStatus((answered && error.detail) || errorMessage(error), "error");
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
