/** Asking the curator in a dialog: before many pictures move, for labels and for collections. */

import { post } from "../../../garden/lib/http.js";
import { gettext, interpolate } from "../../../garden/lib/i18n.js";
import { find, findAll, openDialog } from "../../../garden/lib/page.js";
import { config } from "./config.js";

const dialog = /** @type {HTMLDialogElement} */ (find("#question"));
const form = /** @type {HTMLFormElement} */ (find("form", dialog));

/**
 * @param {import("./operations.js").OperationKind} operation
 * @param {number} count
 * @param {boolean} marked whether it is about the marked pictures, or those of the filter
 * @returns {Promise<{note: string, schedule: string, wall: string} | null>} null when the curator thought better of it
 */
export async function confirmMany(operation, count, marked) {
  form.reset();
  const scope = marked ? gettext("Only the marked pictures.") : gettext("Only the pictures of this filter.");
  find(".question-title", dialog).textContent = interpolate(marked ? operation.askMarked : operation.ask, { count });
  find(".question-hint", dialog).textContent = `${operation.hint} ${scope}`;
  find(".question-yes", dialog).textContent = interpolate(operation.button, { count });
  for (const part of findAll(".question-later, .question-wall", dialog)) part.hidden = operation.kind !== "publish";
  followSchedule();
  if ((await openDialog(dialog)) !== "yes") return null;
  const data = new FormData(form);
  const when = textOf(data, "schedule");
  const schedule = when ? new Date(when).toISOString() : "";
  return { note: textOf(data, "note"), schedule, wall: textOf(data, "wall") };
}

form.addEventListener("input", followSchedule);

/** What is published later cannot be shown now. */
function followSchedule() {
  const field = (/** @type {string} */ name) => /** @type {HTMLInputElement | null} */ (form.elements.namedItem(name));
  const wall = field("wall");
  if (wall) wall.disabled = Boolean(field("schedule")?.value);
}

/**
 * The garden's own reason why it did nothing; it may be long, and stays until it is read.
 * @param {string} reason
 */
export function explain(reason) {
  const notice = /** @type {HTMLDialogElement} */ (find("#notice"));
  find(".notice-text", notice).textContent = reason;
  notice.showModal();
}

/** @typedef {"this" | "marked" | "all"} Which pictures */

/** @type {Record<Which, string>} */
const CHOICES = {
  this: gettext("this picture"),
  marked: gettext("the {count} marked"),
  all: gettext("all {count} of this filter"),
};

/**
 * @param {string} id of a dialog with a field `which`
 * @param {Record<Which, number>} counts pictures of each choice; a choice of none is not offered
 * @returns {Promise<FormData | null>} null if it was cancelled
 */
async function askWhich(id, counts) {
  const box = /** @type {HTMLDialogElement} */ (find(`#${id}`));
  const fields = /** @type {HTMLFormElement} */ (find("form", box));
  fields.reset();
  const which = /** @type {HTMLSelectElement} */ (fields.elements.namedItem("which"));
  for (const option of which.options) {
    const name = /** @type {Which} */ (option.value);
    option.textContent = interpolate(CHOICES[name], { count: counts[name] });
    option.disabled = counts[name] === 0;
  }
  which.value = counts.marked > 0 ? "marked" : "this";
  return (await openDialog(box)) === "yes" ? new FormData(fields) : null;
}

/**
 * @param {Record<Which, number>} counts
 * @returns {Promise<{which: Which, labels: Record<string, string>} | null>} null if it changes nothing
 */
export async function askLabels(counts) {
  const data = await askWhich("label", counts);
  if (!data) return null;
  const emotion = textOf(data, "emotion");
  const favorite = textOf(data, "favorite");
  const labels = {
    ...(emotion ? { emotion } : {}),
    ...(favorite || data.has("none") ? { favorite: data.has("none") ? "" : favorite } : {}),
  };
  return Object.keys(labels).length > 0 ? { which: whichOf(data), labels } : null;
}

/**
 * @param {Record<Which, number>} counts
 * @returns {Promise<{which: Which, name: string, remove: boolean} | null>} a collection, and whether to take them out of it
 */
export async function askCollection(counts) {
  const data = await askWhich("collect", counts);
  const name = data ? textOf(data, "name") : "";
  return data && name ? { which: whichOf(data), name, remove: data.has("remove") } : null;
}

/** @param {FormData} data */
function whichOf(data) {
  return /** @type {Which} */ (textOf(data, "which"));
}

/**
 * @param {FormData} data
 * @param {string} name
 */
function textOf(data, name) {
  return String(data.get(name) ?? "").trim();
}

/** @typedef {{zone: string, title: string, version: number, slots: string[]}} Hung */

/**
 * @param {string} zone
 * @param {string} operation what it published is shown
 * @returns {Promise<Hung>}
 */
export function showPublished(zone, operation) {
  return post(`${config.paths.walls}${encodeURIComponent(zone)}`, { operation });
}
