/** What is done to many pictures: removing, publishing, restoring, labels and collections; one at a time. */

import { ApiError, fetchJson, post } from "../../../garden/lib/http.js";
import { gettext, interpolate } from "../../../garden/lib/i18n.js";
import { find, newId, pause } from "../../../garden/lib/page.js";
import { showError, showStatus } from "../status.js";
import { count, hideProgress, showProgress } from "./bar.js";
import { config, wordsOf } from "./config.js";
import { queue, undoDecision } from "./decisions.js";
import { askCollection, askLabels, confirmMany, explain } from "./dialogs.js";
import { grid } from "./grid.js";
import { listing } from "./listing.js";
import { marks } from "./marks.js";
import { addStep, dropStep, lastStep } from "./undo.js";

/** @typedef {import("schemas").Schema["Operation"]} Operation */

const POLL_MS = 400;
let isBusy = false;

/** To the marked pictures, or to those of the filter. @param {string} kind */
export function doToMany(kind) {
  return attempt(async () => {
    const words = wordsOf(kind);
    const images = marks.all;
    if (images.length === 0 && !config.may.all) return showStatus(gettext("Mark pictures first."));
    const filter = words.verdict ? { ...config.filter, verdict: words.verdict } : config.filter;
    const pictures = images.length || (await countSaved(filter))[words.counted];
    if (pictures === 0) return showStatus(words.none);
    const answer = await confirmMany(words, pictures, images.length > 0);
    if (!answer) return;
    const { wall, ...how } = answer;
    const { id, total } = await begin(kind, images.length ? { images } : { filter }, how);
    if (images.length) marks.set([]);
    showStatus(interpolate(how.schedule ? gettext("Scheduled: {count}") : words.did, { count: total }));
    await refresh();
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
    if (!listing.current) return;
    const { total } = await begin("restore", { images: [listing.current.id] });
    showStatus(interpolate(wordsOf("restore").did, { count: total }));
    await refresh();
  });
}

export function changeLabels() {
  return attempt(async () => {
    const { current } = listing;
    if (!current) return;
    const all = config.may.all ? (await countSaved(config.filter)).all : 0;
    const answer = await askLabels({ this: 1, marked: marks.count, all });
    if (!answer) return;
    const { which, labels } = answer;
    const images = which === "marked" ? marks.all : [current.id];
    const { total } = await begin("label", which === "all" ? { filter: config.filter } : { images }, { labels });
    if (which === "marked") marks.set([]);
    showStatus(interpolate(wordsOf("label").did, { count: total }));
    await refresh();
  });
}

export function collect() {
  return attempt(async () => {
    const { current } = listing;
    const answer = current && (await askCollection({ this: 1, marked: marks.count, all: 0 }));
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

/**
 * @param {string} kind
 * @param {{images: number[]} | {filter: Record<string, string>}} pictures
 * @param {{note?: string, schedule?: string | null, labels?: Record<string, string>}} [how] why, when, and new labels
 */
async function begin(kind, pictures, how) {
  const operation = await finish(post(config.paths.operations, { id: newId(), kind, ...pictures, ...how }));
  const { id, total, undoable } = operation;
  if (undoable) addStep({ kind: "operation", id, what: kind, count: total });
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
