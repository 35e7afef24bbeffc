/** Asking for a new emotion and favorite, and for which pictures. */

import { word } from "./words.js";

const dialog = /** @type {HTMLDialogElement | null} */ (document.getElementById("label"));

/** @typedef {{which: "this" | "marked" | "all", labels: {emotion?: string, favorite?: string}}} Relabelling */

/**
 * @param {Record<"this" | "marked" | "all", number>} counts pictures of each choice; a choice of none is not offered
 * @returns {Promise<Relabelling | null>} null if it was cancelled or changes nothing
 */
export function askLabels(counts) {
  const form = dialog?.querySelector("form");
  if (!dialog || !form) return Promise.resolve(null);
  form.reset();
  const which = /** @type {HTMLSelectElement} */ (form.elements.namedItem("which"));
  for (const option of which.options) {
    const count = counts[/** @type {"this" | "marked" | "all"} */ (option.value)];
    option.textContent = word(`label_${option.value}`, { count });
    option.disabled = count === 0;
  }
  which.value = counts.marked > 0 ? "marked" : "this";
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes" ? read(form) : null), { once: true });
  });
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
