/** How the watched job goes, in numbers and words. */

import { find } from "./given.js";
import { duration, word } from "./words.js";

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
/** States that are told even when nobody is in them. */
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
  const bar = /** @type {HTMLProgressElement} */ (find(section, "[data-progress]"));
  bar.max = Math.max(1, job.slots.all);
  bar.value = job.slots.done;
  bar.textContent = word("said_made", { done: job.slots.done, all: job.slots.all });
  const said = find(section, "[data-said]");
  // While pictures appear, the numbers below say it to those who see them.
  said.classList.toggle("visually-hidden", isMaking(job));
  write(said, sentenceOf(job));
  write(find(section, "[data-left]"), leftOf(job));
  find(section, "[data-counts]").replaceChildren(...STATES.flatMap((state) => countOf(state, job)));
  showReasons(find(section, "[data-reasons]"), job);
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
  // A screen reader hears of each fifth of the way, not of each picture.
  const told = Math.floor((done * 5) / all);
  return told === 0 ? "" : word("said_made", { done: Math.ceil((told * all) / 5), all });
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
  const name = document.createElement("dt");
  const count = document.createElement("dd");
  name.textContent = word(`state_${state}`);
  count.textContent = String(slots[state]);
  row.append(name, count);
  return [row];
}

/**
 * @param {HTMLElement} list
 * @param {Progress} job
 */
function showReasons(list, { reasons }) {
  const lines = reasons.map(({ detail, pictures, failed }) => {
    const line = document.createElement("li");
    line.textContent = word(failed ? "reason_failed" : "reason_waiting", { n: pictures, detail });
    return line;
  });
  list.replaceChildren(...lines);
  list.hidden = lines.length === 0;
}

/**
 * Live regions speak when they are written: only what is new is.
 * @param {HTMLElement} line
 * @param {string} text
 */
function write(line, text) {
  if (line.textContent !== text) line.textContent = text;
}
