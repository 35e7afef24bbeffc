/**
 * What the server told the page.
 * @typedef {Object} Config
 * @property {string} language
 * @property {string} csrfToken
 * @property {{id: string, title: string} | null} job the job that is watched
 * @property {{make: boolean, steer: boolean}} may
 * @property {Record<string, string>} paths `{job}` stands for a job's id
 *
 * @typedef {Object} RecentJob
 * @property {string} id
 * @property {string} title
 * @property {string} owner
 * @property {string} createdAt
 * @property {"active" | "paused" | "finished" | "cancelled"} state
 * @property {number} all
 * @property {number} done
 * @property {number} failed
 * @property {number} open
 */

/** @param {string} id */
function given(id) {
  return JSON.parse(document.getElementById(id)?.textContent ?? "null");
}

/** @type {Config} */
export const config = given("bulk-config");
/** @type {Record<string, string>} */
export const givenWords = given("bulk-words");
/** @type {RecentJob[]} */
export const recentJobs = given("bulk-recent");

/**
 * @param {string} name
 * @param {string} [job]
 */
export function pathOf(name, job = "") {
  return config.paths[name].replace("{job}", job);
}

/** @param {string} job */
export function pageOf(job) {
  return `${config.paths.page}?${new URLSearchParams({ job })}`;
}

/**
 * An element that the page always has.
 * @template {HTMLElement} [T=HTMLElement]
 * @param {ParentNode} parent
 * @param {string} selector
 * @returns {T}
 */
export function find(parent, selector) {
  return /** @type {T} */ (parent.querySelector(selector));
}
