/** Pictures and a recipe: sent together, three of them are made first. */

import { post } from "../../../garden/lib/http.js";
import { gettext } from "../../../garden/lib/i18n.js";
import { find, newId, setText } from "../../../garden/lib/page.js";
import { keepMarked } from "../marked.js";
import { showStatus } from "../status.js";
import { config, pathOf, showError } from "../studio/config.js";
import { priceOf } from "../studio/settings.js";
import { Candidates } from "./candidates.js";
import { recipeForm } from "./recipe.js";

const candidates = new Candidates();
let last = { about: "", id: "" };
const button = document.querySelector("[data-preview]");

recipeForm.form.addEventListener("submit", (event) => {
  event.preventDefault();
  void preview();
});
recipeForm.addEventListener("change", tellCost);
candidates.addEventListener("change", tellCost);
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void preview();
});
await candidates.start().catch(showError);
document.body.dataset.ready = "";

/** The garden decides by the range and by what was made before: this is the most that it can be. */
function tellCost() {
  const cost = candidates.count * priceOf(config.credits);
  const { left } = config.credits;
  const line = find("[data-cost]");
  line.hidden = left === null || cost === 0;
  if (left === null) return;
  line.dataset.kind = cost > left ? "error" : "plain";
  setText(line, gettext("All of them cost {cost} credits at most; {left} are left.", { cost, left }));
}

async function preview() {
  if (!config.may.retouch || button?.hasAttribute("aria-disabled")) return;
  if (candidates.count === 0) return showStatus(gettext("Choose at least one picture."), "error");
  if (recipeForm.lacksMask) return showStatus(gettext("Choose the file of the mask."), "error");
  if (!recipeForm.isWell) return;
  button?.setAttribute("aria-disabled", "true");
  showStatus(gettext("Three pictures are being made …"));
  try {
    const batch = await post(pathOf("batches"), asked());
    await post(pathOf("preview", { batch: batch.id }));
    if (config.marked) keepMarked(config.user, []);
    location.assign(pathOf("batch", { batch: batch.id }));
  } catch (error) {
    showError(error);
    const { field = "", unusable = [] } = /** @type {import("../../../garden/lib/http.js").ApiError} */ (error).body;
    recipeForm.point(field);
    await candidates.leave(unusable);
    button?.removeAttribute("aria-disabled");
  }
}

/** JSON travels as strings beside the file of a mask. */
function asked() {
  const again = /** @type {HTMLInputElement} */ (find("[data-again]")).checked;
  const parts = { recipe: recipeForm.recipe, again, ...candidates.asked };
  const { mask, region } = recipeForm;
  const about = JSON.stringify([parts, mask?.name, mask?.size, mask?.lastModified]);
  // Asked again unchanged it is the same, so that a lost answer makes no second batch.
  if (about !== last.about) last = { about, id: newId() };
  const { id } = last;
  const drawn = region === "mask" && config.maskOf ? { mask_of: config.maskOf } : {};
  if (!mask) return { id, ...parts, ...drawn };
  const form = new FormData();
  form.set("id", id);
  form.set("mask", mask);
  for (const [name, value] of Object.entries(parts))
    form.set(name, typeof value === "object" ? JSON.stringify(value) : String(value));
  return form;
}
