/** The server's data for the page, and its words in the curator's language. */

import { ApiError } from "../../../garden/lib/http.js";
import { readJson, wordsOf } from "../../../garden/lib/page.js";

/**
 * @typedef {Object} Rival
 * @property {number} id
 * @property {string} key
 * @property {string} url
 * @property {string} thumb
 * @property {string} emotion
 * @property {string} favorite
 * @property {string} state
 * @property {string} verdict
 * @property {number | null} rating
 * @property {number} width
 * @property {number} height
 * @property {string} prompt
 * @property {string} model
 * @property {number | null} seed
 * @property {number} liked
 * @property {number} shown
 * @property {number} sharpness
 * @property {number} distance
 *
 * @typedef {{id: number, size: number, images: Rival[]}} Group
 */

export const config = readJson("alike-config");
export const first = readJson("alike-first");
export const word = wordsOf(readJson("alike-words"), config.language);

/** @param {unknown} error */
export function sentenceOf(error) {
  if (!(error instanceof ApiError)) throw error;
  return (error.kind === "refused" && error.detail) || word(error.kind === "refused" ? "server" : error.kind);
}
