/** Sizes that the chosen engine can make: the usual ones to choose, others to write within its limits. */

import { find } from "../../../garden/lib/page.js";
import { config } from "./config.js";

const engine = /** @type {HTMLSelectElement} */ (find("[name=engine]"));
const size = /** @type {HTMLSelectElement} */ (find("[name=size]"));
const sides = ["width", "height"].map((name) => /** @type {HTMLInputElement} */ (find(`[name=${name}]`)));

export function startSizes() {
  engine.addEventListener("change", offer);
  size.addEventListener("change", write);
  for (const side of sides) side.addEventListener("input", choose);
  offer();
}

/** The list says what the two fields say. */
export function choose() {
  const written = sides.map((side) => side.value).join("×");
  size.value = [...size.options].some(({ value }) => value === written) ? written : "";
}

function offer() {
  const chosen = config.engines.find(({ name }) => name === engine.value);
  if (!chosen) return;
  const { minimum, maximum, multiple } = chosen.limits;
  for (const side of sides) Object.assign(side, { min: String(minimum), max: String(maximum), step: String(multiple) });
  const [other] = size.options;
  size.replaceChildren(...chosen.sizes.map((text) => new Option(text, text)), other);
  if (sides.some((side) => side.value)) return choose();
  size.value = chosen.sizes.includes(size.dataset.usual ?? "") ? (size.dataset.usual ?? "") : chosen.sizes[0];
  write();
}

function write() {
  if (!size.value) return sides[0].focus();
  size.value.split("×").forEach((value, i) => {
    sides[i].value = value;
  });
}
