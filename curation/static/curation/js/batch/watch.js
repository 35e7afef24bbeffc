/** A batch as it goes: how far it is, its preview, its pictures, and what can be done with it. */

import { config, find, findAll, word } from "../studio/given.js";
import { say } from "../studio/said.js";
import { get, pathOf, send, Trouble } from "../studio/server.js";
import { showCost } from "./cost.js";
import { Items } from "./items.js";
import { showPreview } from "./previews.js";
import { showProgress } from "./progress.js";

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
const GROWTH = 1.5;

/** @type {Batch} */
let batch = config.batch;
let wait = SOON_MS;
let timer = 0;
let seen = "";
const { id } = batch;
const items = new Items(id);
const dialog = /** @type {HTMLDialogElement} */ (find("[data-dialog]"));

find("[data-recipe-shown]").textContent = JSON.stringify(batch.recipe, null, 2);
document.addEventListener("click", (event) => press(/** @type {Element} */ (event.target)));
document.addEventListener("keydown", pressKey);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) look(0);
});
await items.start();
show(batch);
look(SOON_MS);
document.body.dataset.ready = "";

/** @param {Batch} told */
function show(told) {
  batch = told;
  showProgress(batch);
  showPreview(batch);
  showCost(batch.counts.waiting, batch.credits);
  offer(batch);
  const now = JSON.stringify(batch.counts);
  if (now !== seen && seen) void items.refresh();
  seen = now;
}

/** @param {Batch} told */
function offer({ counts, control, job, run_at }) {
  const open = counts.queued + counts.paused + counts.leased;
  const left = counts.waiting;
  offerOne("[data-act=run]", left > 0 || (run_at === null && job !== null && open === 0));
  find("[data-run-word]").textContent = word("run_all", { count: counts.all - counts.skipped });
  offerOne("[data-act=pause]", control === "active" && counts.queued > 0);
  offerOne("[data-act=resume]", counts.paused > 0);
  offerOne("[data-act=retry]", job !== null && counts.failed > 0);
  offerOne("[data-ask]", open > 0);
}

/** A button that goes hands its focus on. @param {string} selector @param {boolean} offered */
function offerOne(selector, offered) {
  const button = document.querySelector(selector);
  if (!(button instanceof HTMLElement) || button.hidden === !offered) return;
  const focused = document.activeElement === button;
  button.hidden = !offered;
  if (focused && !offered) queueMicrotask(() => find(".bulk-actions > :not([hidden])")?.focus());
}

/** @param {number} ms */
function look(ms) {
  clearTimeout(timer);
  timer = window.setTimeout(async () => {
    const before = seen;
    await doing(async () => show(await get(pathOf("batch", { batch: id }))));
    const open = batch.counts.queued + batch.counts.leased > 0;
    wait = open && (seen !== before || wait < LATE_MS / 4) ? SOON_MS : Math.min(wait * GROWTH, LATE_MS);
    look(document.hidden ? LATE_MS * GROWTH : wait);
  }, ms);
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
  await doing(async () => show(await send(pathOf(`batch_${verb}`, { batch: id }))));
  wait = SOON_MS;
  look(SOON_MS);
}

/** @param {() => Promise<void>} work */
async function doing(work) {
  try {
    await work();
    say("");
  } catch (trouble) {
    if (!(trouble instanceof Trouble)) throw trouble;
    say(trouble.message, "trouble");
  }
}

/** @param {KeyboardEvent} event */
function pressKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || dialog.open) return;
  if (event.target instanceof Element && event.target.closest("input, select, textarea")) return;
  const key = event.key.toLowerCase();
  const button = findAll("[aria-keyshortcuts]").find(
    (one) => one.getAttribute("aria-keyshortcuts") === key && !one.hidden,
  );
  if (!button) return;
  event.preventDefault();
  button.click();
}
