/** The reference: a picture whose composition and colours are kept in mind. This picture, another, or a file. */

import { find, findAll, word } from "./given.js";
import { Trouble } from "./server.js";

/**
 * @param {import("./versions.js").Versions} versions
 * @param {import("./settings.js").Settings} settings
 * @returns {() => Promise<Record<string, any>>} what an edit says of it
 */
export function startReference(versions, settings) {
  const kind = () => /** @type {HTMLInputElement} */ (find("[data-reference]:checked")).value;
  const file = /** @type {HTMLInputElement} */ (find("[data-reference-file]"));
  const image = /** @type {HTMLInputElement} */ (find("[data-reference-image]"));
  const show = () => {
    find("[data-reference-of=file]").hidden = kind() !== "file";
    find("[data-reference-of=image]").hidden = kind() !== "image";
    const weight = settings.values.reference_weight;
    if (kind() !== "none" && !weight) settings.change({ reference_weight: 0.5 }, word("step_reference"));
    if (kind() === "none" && weight) settings.change({ reference_weight: 0 }, word("step_reference"));
  };
  for (const choice of findAll("[data-reference]")) choice.addEventListener("change", show);

  return async () => {
    if (kind() === "file") return { file: file.files?.[0] ?? refuse() };
    if (kind() === "image") return { reference_image: image.valueAsNumber || refuse() };
    if (versions.canvas.image) return { reference_image: versions.canvas.image };
    return { file: await (await fetch(versions.canvas.picture)).blob() };
  };
}

/** @returns {never} */
function refuse() {
  throw new Trouble(word("reference_missing"), "reference_weight");
}
