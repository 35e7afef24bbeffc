/** How the watched job goes, in numbers and words. */

import { element, find, setText } from "../../../garden/lib/page.js";
import { duration, word } from "./config.js";

/**
 * @typedef {Object} Progress
 * @property {string} title
 * @property {"active" | "paused" | "finished" | "cancelled"} state
 * @property {Record<string, number>} slots
 * @property {number | null} secondsLeft
 * @property {number} workers
 * @property {{detail: string, pictures: number, failed: boolean}[]} reasons
 * @property {import("./tiles.js").Made[]} pictures
 * @property {string} cursor
 */

const STATES = ["done", "leased", "queued", "paused", "failed", "cancelled"];
/** States that are shown even with a count of 0. */
const ALWAYS = ["done", "queued"];
const title = document.title;

/** @param {Progress} job */
export function openOf({ slots }) {
  return slots.queued + slots.paused + slots.leased;
}

/**
 * @param {HTMLElement} section
 * @param {Progress} job
 */
export function showProgress(section, job) {
  const bar = /** @type {HTMLProgressElement} */ (find("[data-progress]", section));
  bar.max = Math.max(1, job.slots.all);
  bar.value = job.slots.done;
  bar.textContent = word("said_made", { done: job.slots.done, all: job.slots.all });
  const said = find("[data-status]", section);
  // While pictures appear, the numbers below say it to those who see them.
  said.classList.toggle("visually-hidden", isMaking(job));
  setText(said, sentenceOf(job));
  setText(find("[data-left]", section), leftOf(job));
  find("[data-counts]", section).replaceChildren(...STATES.flatMap((state) => countOf(state, job)));
  showReasons(find("[data-reasons]", section), job);
  document.title = openOf(job) > 0 ? `${job.slots.done} / ${job.slots.all} · ${title}` : title;
}

/** @param {Progress} job */
export function isMaking(job) {
  return openOf(job) > 0 && job.state === "active";
}

/** @param {Progress} job */
function sentenceOf(job) {
  const { done, all } = job.slots;
  if (job.state === "cancelled") return word("said_cancelled", { done, all });
  if (done === all) return word("said_complete", { n: all });
  if (job.state === "paused") return word("said_paused");
  if (openOf(job) === 0) return word("said_ended", { done, all });
  // Screen readers announce each fifth of the progress, not each picture.
  const fifths = Math.floor((done * 5) / all);
  return fifths === 0 ? "" : word("said_made", { done: Math.ceil((fifths * all) / 5), all });
}

/** @param {Progress} job */
function leftOf(job) {
  if (!isMaking(job)) return "";
  if (job.workers === 0) return word("left_nobody");
  return job.secondsLeft === null ? word("left_unknown") : word("left", { time: duration(job.secondsLeft) });
}

/**
 * @param {string} state
 * @param {Progress} job
 */
function countOf(state, { slots }) {
  if (slots[state] === 0 && !ALWAYS.includes(state)) return [];
  const row = document.createElement("div");
  row.dataset.state = state;
  row.append(element("dt", word(`state_${state}`)), element("dd", String(slots[state])));
  return [row];
}

/**
 * @param {HTMLElement} list
 * @param {Progress} job
 */
function showReasons(list, { reasons }) {
  const lines = reasons.map(({ detail, pictures, failed }) =>
    element("li", word(failed ? "reason_failed" : "reason_waiting", { n: pictures, detail })),
  );
  list.replaceChildren(...lines);
  list.hidden = lines.length === 0;
}
