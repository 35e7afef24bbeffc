/** Asking once before many pictures move: how many, and why. */

import { word } from "./words.js";

const dialog = /** @type {HTMLDialogElement} */ (document.getElementById("question"));
const form = /** @type {HTMLFormElement} */ (dialog.querySelector("form"));

/**
 * @param {string} deed
 * @param {number} count
 * @returns {Promise<{note: string, schedule: string} | null>} null when the curator thought better of it
 */
export function ask(deed, count) {
  form.reset();
  write(".question-title", word(`ask_${deed}`, { count }));
  write(".question-hint", word(`hint_${deed}`));
  write(".question-yes", word(`do_${deed}`, { count }));
  const later = /** @type {HTMLElement} */ (dialog.querySelector(".question-later"));
  later.hidden = deed !== "publish";
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes" ? answer() : null), { once: true });
  });
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
  return { note: String(data.get("note") ?? "").trim(), schedule: when ? new Date(when).toISOString() : "" };
}

/**
 * @param {string} part
 * @param {string} text
 */
function write(part, text) {
  const element = dialog.querySelector(part);
  if (element) element.textContent = text;
}
