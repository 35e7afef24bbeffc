/** What is done to many pictures, after the curator was asked: removing, publishing, restoring, labels and collections. */

import { ApiError, fetchJson, post } from "../../../garden/lib/http.js";
import { gettext, interpolate } from "../../../garden/lib/i18n.js";
import { find, findAll, newId, openDialog, pause } from "../../../garden/lib/page.js";
import { showStatus } from "../../../garden/lib/status.js";
import { showError } from "../errors.js";
import { count, explain, hideProgress, showProgress } from "./bar.js";
import { config, wordsOf } from "./config.js";
import { addStep, dropStep, lastStep, queue, undoDecision } from "./decisions.js";
import { grid } from "./grid.js";
import { listing } from "./listing.js";
import { marks } from "./marks.js";

/** @typedef {import("schemas").Schema["Operation"]} Operation */
/** @typedef {"this" | "marked" | "all"} Which pictures @typedef {Record<Which, number>} Counts */

const POLL_MS = 400;
/** @type {HTMLDialogElement} */
const question = find("#question");
const scheduleField = /** @type {HTMLInputElement} */ (find("[name=schedule]", question));
/** There is none without a wall. */
const wallField = /** @type {HTMLSelectElement | null} */ (find("[name=wall]", question));
/** @type {Record<Which, string>} */
const CHOICES = {
  this: gettext("this picture"),
  marked: gettext("the {count} marked"),
  all: gettext("all {count} of this filter"),
};
let isBusy = false;

// What is published later cannot be shown now.
scheduleField.addEventListener("input", () => {
  if (wallField) wallField.disabled = Boolean(scheduleField.value);
});

/** To the marked pictures, or to those of the filter. @param {string} kind */
export function doToMany(kind) {
  return attempt(async () => {
    const words = wordsOf(kind);
    const images = marks.all;
    if (images.length === 0 && !config.may.all) return showStatus(gettext("Mark pictures first."));
    const pictures = images.length || (await countSaved(filterOf(kind)))[words.counted];
    if (pictures === 0) return showStatus(words.none);
    const answer = await confirmMany(words, pictures, images.length > 0);
    if (!answer) return;
    const { wall, ...how } = answer;
    const said = how.schedule ? gettext("Scheduled: {count}") : words.did;
    const { id } = await carryOut(kind, images.length ? "marked" : "all", how, said);
    if (kind === "publish" && !how.schedule) await offerWalls(id, wall);
  });
}

/**
 * After publishing, a link to the walls; the pictures are shown at once on the wall that was chosen.
 * @param {string} operation
 * @param {string} chosen empty where none was
 */
async function offerWalls(operation, chosen) {
  const link = /** @type {HTMLAnchorElement | null} */ (find(".bar-walls"));
  if (!link) return;
  const path = chosen && encodeURIComponent(chosen);
  link.href = `${config.paths.wallEditor}${path && `${path}/`}?operation=${operation}`;
  link.hidden = false;
  if (!chosen) return;
  const { title, zone, slots } = await post(config.paths.walls + path, { operation });
  showStatus(gettext("Now shown in {zone}: {slots}", { zone: title || zone, slots: slots.join(", ") }));
}

export function restoreCurrent() {
  return attempt(async () => {
    if (listing.current) await carryOut("restore", "this");
  });
}

export function changeLabels() {
  return attempt(async () => {
    if (!listing.current) return;
    const all = config.may.all ? (await countSaved(config.filter)).all : 0;
    const answer = await askWhich(find("#label"), { this: 1, marked: marks.count, all });
    if (!answer) return;
    const { which, emotion, favorite, none } = answer;
    // An empty field changes nothing.
    const labels = { ...(emotion && { emotion }), ...((favorite || none) && { favorite: none ? "" : favorite }) };
    if (Object.keys(labels).length === 0) return;
    await carryOut("label", /** @type {Which} */ (which), { labels });
  });
}

export function collect() {
  return attempt(async () => {
    const { current } = listing;
    const answer = current && (await askWhich(find("#collect"), { this: 1, marked: marks.count, all: 0 }));
    if (!answer) return;
    const images = answer.which === "marked" ? marks.all : [current.id];
    const data = { name: answer.name, remove: "remove" in answer, images };
    const { id, name, changed } = await post(config.paths.collections, data);
    offerCollection(String(id), name);
    const said = data.remove ? gettext("Removed from {name}: {count}") : gettext("Added to {name}: {count}");
    showStatus(interpolate(said, { name, count: changed }));
    if (config.filter.collection) await refresh();
  });
}

/** A new collection is in the filter and among the known names at once. @param {string} id @param {string} name */
function offerCollection(id, name) {
  const filter = /** @type {HTMLSelectElement} */ (find("[name=collection]"));
  if ([...filter.options].some(({ value }) => value === id)) return;
  filter.add(new Option(name, id));
  find("#known-collection").append(new Option("", name));
}

/** The last decision or operation. */
export function undo() {
  return attempt(async () => {
    const step = lastStep();
    if (step?.kind === "decision") {
      undoDecision(step);
      dropStep();
    } else if (step) {
      await finish(post(`${config.paths.operations}/${step.id}/undo`));
      dropStep();
      showStatus(interpolate(wordsOf(step.what).undone, { count: step.count }));
      await refresh();
    }
  });
}

/** @param {() => Promise<void>} work */
async function attempt(work) {
  if (isBusy) return showStatus(gettext("Please wait: the last step is still running."));
  try {
    await work();
  } catch (error) {
    const { kind, detail } = /** @type {ApiError} */ (error);
    if (kind === "refused" && detail) explain(detail);
    else showError(error);
  }
}

/** Pictures of the filter by their verdict, once all decisions have arrived. @param {Record<string, string>} filter */
async function countSaved(filter) {
  if (!(await queue.flush())) throw new ApiError(0);
  return fetchJson(config.paths.counts, { params: { ...filter, exact: 1 } });
}

/** What it is done to without marks. @param {string} kind @returns {Record<string, string>} */
function filterOf(kind) {
  const { verdict } = wordsOf(kind);
  return verdict ? { ...config.filter, verdict } : config.filter;
}

/**
 * Does it, says so, and shows the list again.
 * @param {string} kind
 * @param {Which} which
 * @param {{note?: string, schedule?: string | null, labels?: Record<string, string>}} [how] why, when, and new labels
 */
async function carryOut(kind, which, how, said = wordsOf(kind).did) {
  const images = which === "marked" ? marks.all : [listing.current?.id];
  const pictures = which === "all" ? { filter: filterOf(kind) } : { images };
  const operation = await finish(post(config.paths.operations, { id: newId(), kind, ...pictures, ...how }));
  const { id, total, undoable } = operation;
  if (undoable) addStep({ kind: "operation", id, what: kind, count: total });
  if (which === "marked") marks.set([]);
  showStatus(interpolate(said, { count: total }));
  await refresh();
  return operation;
}

/** A lost network only delays the news: the operation goes on without us. @param {Promise<Operation>} begun */
async function finish(begun) {
  isBusy = true;
  showProgress();
  try {
    let operation = await begun;
    while (operation.state === "queued" || operation.state === "running") {
      showProgress(operation);
      await pause(POLL_MS);
      operation = await fetchJson(`${config.paths.operations}/${operation.id}`).catch((error) => {
        if (error.kind !== "network") throw error;
        return operation;
      });
    }
    if (operation.state === "failed") throw new ApiError(422, { detail: operation.error });
    return operation;
  } finally {
    isBusy = false;
    hideProgress();
  }
}

/** Loads the list again at the same place. */
async function refresh() {
  const { offset } = grid;
  await listing.restart();
  if (listing.view === "grid") grid.hold(offset);
  await count();
}

/**
 * @param {Record<string, string>} words
 * @param {number} count
 * @param {boolean} marked whether it is about the marked pictures, or those of the filter
 * @returns {Promise<{note: string, schedule: string | null, wall: string} | null>} null when it was cancelled
 */
async function confirmMany(words, count, marked) {
  if (wallField) wallField.disabled = false;
  const scope = marked ? gettext("Only the marked pictures.") : gettext("Only the pictures of this filter.");
  find(".question-title").textContent = interpolate(marked ? words.askMarked : words.ask, { count });
  find(".question-hint", question).textContent = `${words.hint} ${scope}`;
  find(".question-yes").textContent = interpolate(words.yes, { count });
  for (const part of findAll(".question-later, .question-wall", question)) part.hidden = words.operation !== "publish";
  const answer = await ask(question);
  if (!answer) return null;
  const when = answer.schedule ? new Date(answer.schedule).toISOString() : null;
  return { note: answer.note, schedule: when, wall: answer.wall ?? "" };
}

/** @param {HTMLDialogElement} dialog @param {Counts} counts a choice of no picture is not offered */
function askWhich(dialog, counts) {
  const field = /** @type {HTMLSelectElement} */ (find("[name=which]", dialog));
  for (const option of field.options) {
    const count = counts[/** @type {Which} */ (option.value)];
    option.textContent = interpolate(CHOICES[/** @type {Which} */ (option.value)], { count });
    option.disabled = count === 0;
    option.defaultSelected = option.value === (counts.marked > 0 ? "marked" : "this");
  }
  return ask(dialog);
}

/** What the fields of the dialog say; null if it was cancelled. @param {HTMLDialogElement} dialog */
async function ask(dialog) {
  const data = await openDialog(dialog);
  return data && Object.fromEntries([...data].map(([name, value]) => [name, String(value).trim()]));
}
