import { readJson, wordsOf } from "../../../garden/lib/page.js";

/**
 * The server's data for the page.
 * @typedef {Object} Config
 * @property {"review" | "viewer" | "trash"} listing
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
 * @property {{images: string, counts: string, decisions: string, operations: string, walls: string, wallEditor: string, login: string, studio: string, batch: string}} paths
 *   studio and batch are empty for those who may not retouch, wallEditor for those who may not change walls
 */

/** @type {Config} */
export const config = readJson("review-config");
export const word = wordsOf(readJson("review-words"), config.language);
