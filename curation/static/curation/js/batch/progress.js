/** How far a batch is, in a bar, in numbers and in a sentence. */

import { find, word } from "../studio/given.js";

const STATES = ["done", "skipped", "leased", "queued", "paused", "failed", "cancelled", "waiting"];
const ALWAYS = ["done", "failed"];
const FIFTHS = 5;
const title = document.title;

/** @param {import("./watch.js").Batch} batch */
export function showProgress(batch) {
  const { counts } = batch;
  const bar = /** @type {HTMLProgressElement} */ (find("[data-progress]"));
  const ready = counts.done + counts.skipped;
  bar.max = Math.max(1, counts.all);
  bar.value = ready;
  const told = find("[data-told]");
  write(told, sentenceOf(batch));
  // While pictures appear, the numbers below say it to those who see them.
  told.classList.toggle("visually-hidden", isOpen(batch) && batch.control === "active" && counts.waiting === 0);
  write(find("[data-left]"), leftOf(batch));
  find("[data-counts]").replaceChildren(...STATES.flatMap((state) => countOf(state, counts)));
  document.title = isOpen(batch) ? `${ready} / ${counts.all} · ${title}` : title;
}

/** @param {import("./watch.js").Batch} batch */
function isOpen({ counts }) {
  return counts.queued + counts.leased + counts.paused > 0;
}

/** @param {import("./watch.js").Batch} batch */
function sentenceOf(batch) {
  const { counts, control } = batch;
  const { all, done, failed, skipped } = counts;
  if (done + skipped === all) return word("complete", { all });
  if (control === "cancelled") return word("cancelled_now");
  if (control === "paused") return word("paused_now");
  if (!isOpen(batch) && counts.waiting === 0) return word("ended", { done, failed, skipped });
  if (!isOpen(batch)) return word(batch.job ? "preview_done" : "preview_none");
  // A screen reader hears of each fifth of the way, not of each picture.
  const told = Math.ceil((Math.floor((done * FIFTHS) / all) * all) / FIFTHS);
  return counts.waiting > 0 ? word("previewing") : word("running", { done: told, all });
}

/** @param {import("./watch.js").Batch} batch */
function leftOf(batch) {
  if (!isOpen(batch) || batch.control !== "active") return "";
  if (batch.workers === 0) return word("nobody");
  return batch.seconds_left === null ? "" : word("left", { time: duration(batch.seconds_left) });
}

/** @param {number} seconds */
function duration(seconds) {
  if (seconds < 90) return word("seconds", { n: Math.max(1, Math.round(seconds)) });
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return word("minutes", { n: minutes });
  return word("hours", { n: Math.floor(minutes / 60), m: minutes % 60 });
}

/** @param {string} state @param {Record<string, number>} counts */
function countOf(state, counts) {
  if (!counts[state] && !ALWAYS.includes(state)) return [];
  const row = document.createElement("div");
  row.dataset.state = state;
  const name = document.createElement("dt");
  const count = document.createElement("dd");
  name.textContent = word(`state_${state}`);
  count.textContent = String(counts[state]);
  row.append(name, count);
  return [row];
}

/** Live regions speak when they are written. @param {HTMLElement} line @param {string} text */
function write(line, text) {
  if (line.textContent !== text) line.textContent = text;
}
