/** The form: words that follow, and one job however often its button is pressed. */

import { find } from "../../../garden/lib/page.js";

const PATIENCE_MS = 8000;

/**
 * @param {HTMLFormElement} form
 * @param {() => void} onChange
 */
export function startForm(form, onChange) {
  for (const words of form.querySelectorAll("[data-follows]")) follow(/** @type {HTMLInputElement} */ (words));
  makeRoomForTemplates(form);
  form.addEventListener("input", onChange);
  form.addEventListener("submit", (event) => sendOnce(form, event));
  addEventListener("pageshow", (event) => {
    // Back from the page of the job: what is sent now is a new one, and needs a token of its own.
    if (event.persisted) location.reload();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
}

/**
 * The words of an emotion are its name by default, also when they are emptied.
 * @param {HTMLInputElement} words
 */
function follow(words) {
  words.addEventListener("change", () => {
    if (words.value.trim() === "") words.value = words.dataset.follows ?? "";
  });
}

/**
 * Templates bring a style of their own: the usual style words step aside for them, and come back.
 * @param {HTMLFormElement} form
 */
function makeRoomForTemplates(form) {
  const rotate = find("[name=rotate]", form);
  const others = /** @type {HTMLTextAreaElement} */ (find("[name=others]", form));
  const usual = others.defaultValue;
  rotate.addEventListener("change", () => {
    const on = /** @type {HTMLInputElement} */ (rotate).checked;
    if (on && others.value === usual) others.value = "";
    else if (!on && others.value === "") others.value = usual;
  });
}

/**
 * @param {HTMLFormElement} form
 * @param {SubmitEvent} event
 */
function sendOnce(form, event) {
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  find("[data-queue]", form).setAttribute("aria-disabled", "true");
  // Lost on its way, it can be sent again: with the same token it is the same job.
  setTimeout(() => release(form), PATIENCE_MS);
}

/** @param {HTMLFormElement} form */
function release(form) {
  delete form.dataset.sent;
  find("[data-queue]", form).removeAttribute("aria-disabled");
}
