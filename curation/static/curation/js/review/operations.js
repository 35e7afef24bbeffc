/** What is done to many pictures: removing, publishing, restoring, labels and collections; one at a time. */

import { ApiError, fetchJson, post } from "../../../garden/lib/http.js";
import { gettext, interpolate } from "../../../garden/lib/i18n.js";
import { errorMessage } from "../../../garden/lib/messages.js";
import { find, newId, pause } from "../../../garden/lib/page.js";
import { count, hideProgress, showProgress, showStatus } from "./bar.js";
import { config } from "./config.js";
import { queue, undoDecision } from "./decisions.js";
import { askCollection, askLabels, confirmMany, explain } from "./dialogs.js";
import { grid } from "./grid.js";
import { listing } from "./listing.js";
import { marks } from "./marks.js";
import { addStep, dropStep, lastStep } from "./undo.js";

/**
 * @typedef {import("schemas").Schema["Operation"]} Operation
 * @typedef {Object} OperationKind
 * @property {boolean} [isPublishing]
 * @property {string} verdict of the filter's pictures that it takes; empty for all
 * @property {string} count name of that verdict in counts
 * @property {string} ask the question about them
 * @property {string} askMarked the question about marked pictures
 * @property {string} hint what it does
 * @property {string} button
 * @property {string} none that there is no such picture
 * @property {string} did
 */

const POLL_MS = 400;
/** @type {Record<"remove" | "publish" | "restore" | "purge", OperationKind>} */
const OPERATIONS = {
  remove: {
    verdict: "dislike",
    count: "disliked",
    ask: gettext("Remove {count} disliked?"),
    askMarked: gettext("Remove {count} marked?"),
    hint: gettext("They go to the trash and can be restored from there."),
    button: gettext("Remove {count}"),
    none: gettext("No picture of this filter is disliked."),
    did: gettext("Removed: {count}"),
  },
  publish: {
    isPublishing: true,
    verdict: "like",
    count: "liked",
    ask: gettext("Publish {count} liked?"),
    askMarked: gettext("Publish {count} marked?"),
    hint: gettext("Visitors see them from then on, as a new release."),
    button: gettext("Publish {count}"),
    none: gettext("No picture of this filter is liked."),
    did: gettext("Published: {count}"),
  },
  restore: {
    verdict: "",
    count: "all",
    ask: gettext("Restore {count} from the trash?"),
    askMarked: gettext("Restore {count} marked?"),
    hint: gettext("They go back to where they were."),
    button: gettext("Restore {count}"),
    none: gettext("Nothing to restore here."),
    did: gettext("Restored: {count}"),
  },
  purge: {
    verdict: "",
    count: "all",
    ask: gettext("Delete {count} permanently?"),
    askMarked: gettext("Delete {count} marked permanently?"),
    hint: gettext("Their files are deleted. This cannot be undone."),
    button: gettext("Delete {count} permanently"),
    none: gettext("Nothing to delete here."),
    did: gettext("Permanently deleted: {count}"),
  },
};
/** @type {Record<string, string>} */
const UNDONE = {
  remove: gettext("Back from the trash: {count}"),
  publish: gettext("Withdrawn from the garden: {count}"),
  label: gettext("Changed back: {count}"),
  restore: gettext("Back in the trash: {count}"),
};
let isBusy = false;

/** To the marked pictures, or to those of the filter. @param {keyof OPERATIONS} kind */
export function doToMany(kind) {
  return attempt(async () => {
    const operation = OPERATIONS[kind];
    const images = marks.all;
    if (images.length === 0 && !config.may.all) return showStatus(gettext("Mark pictures first."));
    const { verdict } = operation;
    const filter = verdict ? { ...config.filter, verdict } : config.filter;
    const pictures = images.length || (await countSaved(filter))[operation.count];
    if (pictures === 0) return showStatus(operation.none);
    const answer = await confirmMany(operation, pictures, images.length > 0);
    if (!answer) return;
    const { wall, ...how } = answer;
    const { id, total } = await begin(kind, images.length ? { images } : { filter }, how);
    if (images.length) marks.set([]);
    showStatus(interpolate(how.schedule ? gettext("Scheduled: {count}") : operation.did, { count: total }));
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
    showStatus(interpolate(OPERATIONS.restore.did, { count: total }));
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
    showStatus(gettext("Changed: {count}", { count: total }));
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
      showStatus(interpolate(UNDONE[step.what], { count: step.count }));
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
    else showStatus(errorMessage(error));
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
