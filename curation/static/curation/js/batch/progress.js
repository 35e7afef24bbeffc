/** How far a batch is, in a bar, in numbers and in a sentence; its preview, and what it costs. */

import { formatDuration } from "../../../garden/lib/messages.js";
import { cloneTemplate, element, find, setText } from "../../../garden/lib/page.js";
import { word } from "../studio/config.js";

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
  const text = find("[data-progress-text]");
  setText(text, sentenceOf(batch));
  // While pictures appear, the numbers below say it to those who see them.
  text.classList.toggle("visually-hidden", isOpen(batch) && batch.control === "active" && counts.waiting === 0);
  setText(find("[data-left]"), leftOf(batch));
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
  // Screen readers announce each fifth of the progress, not each picture.
  const fifths = Math.ceil((Math.floor((done * FIFTHS) / all) * all) / FIFTHS);
  return counts.waiting > 0 ? word("previewing") : word("running", { done: fifths, all });
}

/** @param {import("./watch.js").Batch} batch */
function leftOf(batch) {
  if (!isOpen(batch) || batch.control !== "active") return "";
  if (batch.workers === 0) return word("nobody");
  return batch.seconds_left === null ? "" : word("left", { time: formatDuration(batch.seconds_left) });
}

/** @param {string} state @param {Record<string, number>} counts */
function countOf(state, counts) {
  if (!counts[state] && !ALWAYS.includes(state)) return [];
  const row = document.createElement("div");
  row.dataset.state = state;
  row.append(element("dt", word(`state_${state}`)), element("dd", String(counts[state])));
  return [row];
}

/** @param {import("./watch.js").Batch} batch */
export function showPreview({ preview }) {
  find("[data-previews]").hidden = preview.length === 0;
  const list = find("[data-pairs]");
  for (const item of preview) {
    const pair =
      /** @type {HTMLElement | null} */ (list.querySelector(`[data-number="${item.number}"]`)) ?? begin(list, item);
    finish(pair, item);
  }
}

/**
 * @param {HTMLElement} list
 * @param {import("./items.js").Item} item
 */
function begin(list, item) {
  const pair = cloneTemplate("batch-pair");
  pair.dataset.number = String(item.number);
  const before = /** @type {HTMLImageElement} */ (find("[data-before]", pair));
  before.alt = word("before", { name: item.name });
  before.src = item.before;
  list.append(pair);
  return pair;
}

/**
 * @param {HTMLElement} pair
 * @param {import("./items.js").Item} item
 */
function finish(pair, item) {
  pair.dataset.state = item.state;
  const after = /** @type {HTMLImageElement} */ (find("[data-after]", pair));
  const why = find("[data-why]", pair);
  why.hidden = item.after !== null;
  why.textContent = item.reason || word(`state_${item.state}`);
  if (!item.after || after.getAttribute("src") === item.after) return;
  after.alt = word("after", { name: item.name });
  after.src = item.after;
  after.hidden = false;
}

/**
 * @param {number} pictures that would be asked for
 * @param {{price: number, left: number | null} | null} credits of one picture, and what is there
 */
export function showCost(pictures, credits) {
  const line = find("[data-cost]");
  const left = credits?.left ?? null;
  line.hidden = left === null || pictures === 0;
  if (left === null || !credits) return;
  const cost = pictures * credits.price;
  line.dataset.kind = cost > left ? "error" : "plain";
  setText(line, word("cost", { cost, left }));
}
