/** A batch as it goes: how far it is, its preview, its pictures, and what can be done with it. */

import { post } from "../../../garden/lib/http.js";
import { find, offer, shortcutOf } from "../../../garden/lib/page.js";
import { Poll } from "../../../garden/lib/poll.js";
import { config, pathOf, word } from "../studio/config.js";
import { showError, showStatus } from "../studio/status.js";
import { Items } from "./items.js";
import { showCost, showPreview, showProgress } from "./progress.js";

/**
 * @typedef {Object} Batch
 * @property {string} id
 * @property {string | null} run_at
 * @property {"active" | "paused" | "cancelled"} control
 * @property {Record<string, number>} counts
 * @property {number | null} seconds_left
 * @property {number} workers
 * @property {string | null} job
 * @property {Record<string, any>} recipe
 * @property {{price: number, left: number} | null} credits of who asked for it
 * @property {import("./items.js").Item[]} preview
 */

const SOON_MS = 800;
const LATE_MS = 10000;

/** @type {Batch} */
let batch = config.batch;
let seen = "";
const { id } = batch;
const poll = new Poll(
  () => pathOf("batch", { batch: id }),
  (update) => {
    if (update) show(update);
    return batch.counts.queued + batch.counts.leased > 0;
  },
  { soonMs: SOON_MS, lateMs: LATE_MS, onError: (error) => (error ? showError(error) : showStatus("")) },
);
const items = new Items(id);
const dialog = /** @type {HTMLDialogElement} */ (find("[data-dialog]"));

find("[data-recipe-shown]").textContent = JSON.stringify(batch.recipe, null, 2);
document.addEventListener("click", (event) => press(/** @type {Element} */ (event.target)));
document.addEventListener("keydown", pressKey);
await items.start();
show(batch);
poll.start();
document.body.dataset.ready = "";

/** @param {Batch} update */
function show(update) {
  batch = update;
  showProgress(batch);
  showPreview(batch);
  showCost(batch.counts.waiting, batch.credits);
  offerActions(batch);
  const now = JSON.stringify(batch.counts);
  if (now !== seen && seen) void items.refresh();
  seen = now;
}

/** @param {Batch} update */
function offerActions({ counts, control, job, run_at }) {
  const open = counts.queued + counts.paused + counts.leased;
  const left = counts.waiting;
  offer("[data-act=run]", left > 0 || (run_at === null && job !== null && open === 0), ".job-actions");
  find("[data-run-word]").textContent = word("run_all", { count: counts.all - counts.skipped });
  offer("[data-act=pause]", control === "active" && counts.queued > 0, ".job-actions");
  offer("[data-act=resume]", counts.paused > 0, ".job-actions");
  offer("[data-act=retry]", job !== null && counts.failed > 0, ".job-actions");
  offer("[data-ask]", open > 0, ".job-actions");
}

/** @param {Element} target */
function press(target) {
  const button = target.closest("button");
  if (!button) return;
  if ("ask" in button.dataset) {
    const { queued, paused, leased } = batch.counts;
    find("[data-dialog-body]").textContent = word("cancel_body", { count: queued + paused + leased });
    dialog.showModal();
  }
  if ("close" in button.dataset || button.dataset.act === "cancel") dialog.close();
  if (button.dataset.act) void act(button.dataset.act);
}

/** @param {string} verb */
async function act(verb) {
  try {
    show(await post(pathOf(`batch_${verb}`, { batch: id })));
    showStatus("");
  } catch (error) {
    showError(error);
  }
  poll.now();
}

/** @param {KeyboardEvent} event */
function pressKey(event) {
  const button = dialog.open ? undefined : shortcutOf(event);
  if (!button) return;
  event.preventDefault();
  button.click();
}
