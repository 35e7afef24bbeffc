/** Asking the curator in a dialog: before many pictures move, and for labels. */

import { post } from "../../../garden/lib/http.js";
import { find, findAll, openDialog } from "../../../garden/lib/page.js";
import { config, word } from "./config.js";

const dialog = /** @type {HTMLDialogElement} */ (document.getElementById("question"));
const form = /** @type {HTMLFormElement} */ (dialog.querySelector("form"));

/**
 * @param {string} operation
 * @param {number} count
 * @returns {Promise<{note: string, schedule: string, wall: string} | null>} null when the curator thought better of it
 */
export async function confirmMany(operation, count) {
  form.reset();
  write(".question-title", word(`ask_${operation}`, { count }));
  write(".question-hint", word(`hint_${operation}`));
  write(".question-yes", word(`do_${operation}`, { count }));
  for (const part of findAll(".question-later, .question-wall", dialog)) part.hidden = operation !== "publish";
  followSchedule();
  return (await openDialog(dialog)) === "yes" ? answer() : null;
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
  const notice = /** @type {HTMLDialogElement} */ (document.getElementById("notice"));
  /** @type {HTMLElement} */ (notice.querySelector(".notice-text")).textContent = reason;
  notice.showModal();
}

function answer() {
  const data = new FormData(form);
  const when = String(data.get("schedule") ?? "");
  const wall = String(data.get("wall") ?? "");
  return { note: String(data.get("note") ?? "").trim(), schedule: when ? new Date(when).toISOString() : "", wall };
}

/**
 * @param {string} part
 * @param {string} text
 */
function write(part, text) {
  find(part, dialog).textContent = text;
}

const labelDialog = /** @type {HTMLDialogElement | null} */ (document.getElementById("label"));

/** @typedef {{which: "this" | "marked" | "all", labels: {emotion?: string, favorite?: string}}} Relabelling */

/**
 * @param {Record<"this" | "marked" | "all", number>} counts pictures of each choice; a choice of none is not offered
 * @returns {Promise<Relabelling | null>} null if it was cancelled or changes nothing
 */
export async function askLabels(counts) {
  const labelForm = labelDialog?.querySelector("form");
  if (!labelDialog || !labelForm) return null;
  labelForm.reset();
  const which = /** @type {HTMLSelectElement} */ (labelForm.elements.namedItem("which"));
  for (const option of which.options) {
    const count = counts[/** @type {"this" | "marked" | "all"} */ (option.value)];
    option.textContent = word(`label_${option.value}`, { count });
    option.disabled = count === 0;
  }
  which.value = counts.marked > 0 ? "marked" : "this";
  return (await openDialog(labelDialog)) === "yes" ? read(labelForm) : null;
}

/**
 * @param {HTMLFormElement} form
 * @returns {Relabelling | null}
 */
function read(form) {
  const data = new FormData(form);
  const emotion = String(data.get("emotion") ?? "");
  const favorite = String(data.get("favorite") ?? "").trim();
  const labels = {
    ...(emotion ? { emotion } : {}),
    ...(favorite || data.has("none") ? { favorite: data.has("none") ? "" : favorite } : {}),
  };
  const which = /** @type {"this" | "marked" | "all"} */ (data.get("which"));
  return Object.keys(labels).length > 0 ? { which, labels } : null;
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
