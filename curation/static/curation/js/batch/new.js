/** Pictures and a recipe: sent together, three of them are made first. */

import { keepMarked } from "../marked.js";
import { priceOf } from "../studio/credits.js";
import { config, find, word } from "../studio/given.js";
import { say } from "../studio/said.js";
import { pathOf, send, Trouble } from "../studio/server.js";
import { Choosing } from "./choosing.js";
import { showCost } from "./cost.js";
import { idOf } from "./ids.js";
import { RecipeForm } from "./recipe.js";

const recipe = new RecipeForm();
const choosing = new Choosing();
const button = document.querySelector("[data-preview]");

recipe.form.addEventListener("submit", (event) => {
  event.preventDefault();
  void preview();
});
recipe.addEventListener("change", tellCost);
choosing.addEventListener("change", tellCost);
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void preview();
});
await choosing.start().catch((trouble) => {
  if (!(trouble instanceof Trouble)) throw trouble;
  say(trouble.message, "trouble");
});
document.body.dataset.ready = "";

/** The garden decides by the range and by what was made before: this is the most that it can be. */
function tellCost() {
  const price = priceOf(config.credits, recipe.settings.values.engine);
  showCost(choosing.count, { price, left: config.credits.left });
}

async function preview() {
  if (!config.may.retouch || button?.hasAttribute("aria-disabled")) return;
  if (choosing.count === 0) return say(word("nothing_chosen"), "trouble");
  if (recipe.lacksMask) return say(word("mask_missing"), "trouble");
  if (!recipe.isWell) return;
  button?.setAttribute("aria-disabled", "true");
  say(word("previewing"));
  try {
    const batch = await send(pathOf("batches"), asked());
    await send(pathOf("batch_preview", { batch: batch.id }));
    if (config.marked) keepMarked(config.user, []);
    location.assign(`${pathOf("page")}?${new URLSearchParams({ batch: batch.id })}`);
  } catch (trouble) {
    if (!(trouble instanceof Trouble)) throw trouble;
    say(trouble.message, "trouble");
    recipe.point(trouble.field);
    await choosing.leave(trouble.unusable);
    button?.removeAttribute("aria-disabled");
  }
}

/** JSON travels as strings beside the file of a mask. */
function asked() {
  const again = /** @type {HTMLInputElement} */ (find("[data-again]")).checked;
  const parts = { recipe: recipe.recipe, again, ...choosing.asked };
  const { mask, region } = recipe;
  const id = idOf(JSON.stringify([parts, mask?.name, mask?.size, mask?.lastModified]));
  const drawn = region === "mask" && config.maskOf ? { mask_of: config.maskOf } : {};
  if (!mask) return { id, ...parts, ...drawn };
  const form = new FormData();
  form.set("id", id);
  form.set("mask", mask);
  for (const [name, value] of Object.entries(parts))
    form.set(name, typeof value === "object" ? JSON.stringify(value) : String(value));
  return form;
}
