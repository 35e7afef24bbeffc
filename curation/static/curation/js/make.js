/** The form for new pictures: settings follow the engine. */

import { find, findAll, readJson } from "../../garden/lib/page.js";

const form = /** @type {HTMLFormElement} */ (find("[data-form]"));
/** @type {Record<string, string[]>} what each engine and model can be told */
const controls = readJson("engine-controls");

if (form) {
  const maker = /** @type {HTMLSelectElement} */ (find("[name=maker]", form));
  maker.addEventListener("change", () => showControls(maker.value));
  showControls(maker.value);
  addEventListener("pageshow", (event) => {
    // Back from the page of the job: a new order needs a token of its own.
    if (event.persisted) location.reload();
  });
}

/** @param {string} maker */
function showControls(maker) {
  for (const field of findAll("[data-control]", form))
    field.hidden = !controls[maker]?.includes(field.dataset.control ?? "");
}
