/** The server's data for the page, and what its pictures are. */

import { find, readJson } from "../../../garden/lib/page.js";

/**
 * @typedef {import("schemas").Schema} Schema
 * @typedef {Schema["Image"] & {by?: string, gone?: boolean}} Picture
 *   `by` is who else decided while we looked; `gone`: it left the list while we looked
 * @typedef {Schema["Mine"]} Vote
 *
 * @typedef {Object} Config
 * @property {number} user
 * @property {Record<string, string>} filter
 * @property {Record<string, boolean>} may what this curator may do with pictures of this list; `all`: to all of it at once
 * @property {Record<string, string>} labels what emotions, orientations, states and verdicts are called
 * @property {number} cursor the last decision that the first pictures already show
 * @property {number} votesNeeded
 * @property {number} pageSize
 * @property {number} mostMarked pictures that a batch can have
 * @property {Record<string, string>} paths
 */

/** @type {Config} */
export const config = readJson("review-config");

/** What the page says of an operation. @param {string} kind @returns {Record<string, string>} */
export function wordsOf(kind) {
  return /** @type {Record<string, string>} */ (find(`[data-operation="${kind}"]`).dataset);
}
