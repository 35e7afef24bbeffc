/**
 * What the server told the page.
 * @typedef {Object} Config
 * @property {"review" | "viewer" | "trash"} hall
 * @property {number} user
 * @property {string} language
 * @property {string} csrfToken
 * @property {Record<string, string>} filter
 * @property {Record<string, boolean>} may
 * @property {number} cursor the last decision that the first pictures already show
 * @property {number} votesNeeded
 * @property {number} pageSize
 * @property {boolean} marking whether pictures can be marked
 * @property {number} mostMarked pictures that a batch can have
 * @property {{images: string, counts: string, decisions: string, acts: string, walls: string, login: string, studio: string, batch: string}} studio and batch are empty for those who may not retouch paths
 */

/** @param {string} id */
export function given(id) {
  return JSON.parse(document.getElementById(id)?.textContent ?? "null");
}

/** @type {Config} */
export const config = given("review-config");
