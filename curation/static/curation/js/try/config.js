import { readJson, wordsOf } from "../../../garden/lib/page.js";

/**
 * The server's data for the page.
 * @typedef {Object} Engine
 * @property {string} name
 * @property {string[]} sizes as in `768×512`
 * @property {{multiple: number, minimum: number, maximum: number}} limits in pixels
 *
 * @typedef {Object} Config
 * @property {string} language
 * @property {string} csrfToken
 * @property {Engine[]} engines
 * @property {Record<string, string>} words
 * @property {string} make
 * @property {string} progress `{job}` is replaced by a job's id
 */

/** @type {Config} */
export const config = readJson("try-config");
export const word = wordsOf(config.words);
