import { duration as durationOf, readJson, wordsOf } from "../../../garden/lib/page.js";

/**
 * The server's data for the page.
 * @typedef {Object} Config
 * @property {string} language
 * @property {string} csrfToken
 * @property {{id: string, title: string} | null} job the job that is watched
 * @property {{make: boolean, steer: boolean}} may
 * @property {Record<string, string>} paths `{job}` is replaced by a job's id
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

/** @type {Config} */
export const config = readJson("bulk-config");
/** @type {RecentJob[]} */
export const recentJobs = readJson("bulk-recent");
export const word = wordsOf(readJson("bulk-words"), config.language);
const dates = new Intl.DateTimeFormat(config.language, { dateStyle: "short", timeStyle: "short" });

/** @param {string} moment as the server writes it */
export function dateOf(moment) {
  return dates.format(new Date(moment));
}

/** @param {number} seconds */
export function duration(seconds) {
  return durationOf(seconds, word);
}

/** @param {string} path `calm` or `calm/cat` */
export function moodOf(path) {
  const [emotion, ...favorite] = path.split("/");
  return [word(`emotion_${emotion}`), ...favorite].join(" · ");
}

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
