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
 * @property {{images: string, counts: string, decisions: string, acts: string, walls: string, login: string}} paths
 */

/** @param {string} id */
export function given(id) {
  return JSON.parse(document.getElementById(id)?.textContent ?? "null");
}

/** @type {Config} */
export const config = given("review-config");
