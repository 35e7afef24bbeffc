/** Pictures and a recipe: sent together, three of them are made first. The garden alone judges the recipe. */

import { post } from "../../../garden/lib/http.js";
import { gettext } from "../../../garden/lib/i18n.js";
import { find, findAll, newId, setText } from "../../../garden/lib/page.js";
import { showStatus } from "../../../garden/lib/status.js";
import "../list_keys.js";
import { keepMarked } from "../marked.js";
import { config, onClick, pathOf } from "../studio/config.js";
import "../studio/presets.js";
import { showError } from "../errors.js";
import { priceOf, readField, settings, writeField } from "../studio/settings.js";
import { Candidates } from "./candidates.js";

/** @import { Field } from "../studio/settings.js" */

const DRAWN = "mask";
const OPEN = "Infinity";
const form = /** @type {HTMLFormElement} */ (find("[data-recipe-form]"));
const fields = /** @type {Field[]} */ (findAll("[data-recipe]", form));
const spans = findAll("[data-span]", form);
const text = /** @type {HTMLTextAreaElement} */ (find("[data-json-text]"));
/** None where the page has the mask already. */
const maskFile = /** @type {HTMLInputElement | null} */ (find("[data-mask-file]"));
const button = document.querySelector("[data-preview]");
const candidates = new Candidates();
/** Sent again unchanged it is the same batch: a lost answer makes no second one. */
let id = newId();

showRecipe(config.recipe);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  void preview();
});
form.addEventListener("change", ({ target }) => {
  if (target !== text) change();
});
settings.addEventListener("change", change);
candidates.addEventListener("change", change);
onClick("[data-json-use]", useJson);
await candidates.start().catch(showError);
document.body.dataset.ready = "";

function region() {
  return String(new FormData(form).get("region") ?? "all");
}

/** As the API of batches names its parts. @returns {Record<string, any>} */
function readRecipe() {
  const own = Object.fromEntries(fields.map((field) => [field.dataset.recipe, readField(field)]));
  const ranges = Object.fromEntries(spans.map((span) => [span.dataset.span, readSpan(span)]));
  return { ...own, ...ranges, region: region(), settings: settings.accepted };
}

/** @param {Record<string, any>} recipe */
function showRecipe(recipe) {
  for (const field of fields) writeField(field, recipe[field.dataset.recipe ?? ""]);
  for (const span of spans) writeSpan(span, recipe[span.dataset.span ?? ""]);
  const choice = /** @type {HTMLInputElement | null} */ (find(`[name=region][value="${recipe.region}"]`, form));
  if (choice) choice.checked = true;
  settings.values = recipe.settings;
  change();
}

/** Two numbers, from the first to the last; the last may be left open. @param {HTMLElement} span */
function endsOf(span) {
  return /** @type {HTMLInputElement[]} */ (findAll("[data-end]", span));
}

/** @param {HTMLElement} span */
function readSpan(span) {
  const [first, last] = endsOf(span);
  return `${first.value || first.min}...${last.value || OPEN}`;
}

/** What begins below the least that there is begins with it. @param {HTMLElement} span @param {string} written */
function writeSpan(span, written) {
  const [first, last] = endsOf(span);
  const [from, to] = written.split("...");
  first.value = Number(from) > Number(first.min) ? from : first.min;
  last.value = to === OPEN ? "" : to;
}

function change() {
  id = newId();
  const recipe = readRecipe();
  find("[data-mask]", form).hidden = recipe.region !== DRAWN;
  if (maskFile) maskFile.required = recipe.region === DRAWN;
  find("[data-margin]", form).hidden = recipe.part !== "region";
  for (const [first, last] of spans.map(endsOf)) last.min = first.value || first.min;
  text.value = JSON.stringify(recipe, null, 2);
  showCost();
}

/** The garden decides by the range and by what was made before: this is the most that it can be. */
function showCost() {
  const cost = candidates.count * priceOf(config.credits);
  const { left } = config.credits;
  const line = find("[data-cost]");
  line.hidden = left === null || cost === 0;
  if (left === null) return;
  line.dataset.kind = cost > left ? "error" : "plain";
  setText(line, gettext("All of them cost {cost} credits at most; {left} are left.", { cost, left }));
}

/** What was pasted becomes the form. */
async function useJson() {
  let pasted;
  try {
    pasted = JSON.parse(text.value);
  } catch (error) {
    return showStatus(gettext("This is no JSON: {why}", { why: /** @type {Error} */ (error).message }), "error");
  }
  showRecipe(await post(pathOf("recipe"), { recipe: pasted }));
  showStatus(gettext("The recipe is in the form."));
}

async function preview() {
  if (!config.may.retouch || button?.hasAttribute("aria-disabled")) return;
  if (candidates.count === 0) return showStatus(gettext("Choose at least one picture."), "error");
  if (!isValid()) return;
  button?.setAttribute("aria-disabled", "true");
  showStatus(gettext("Three pictures are being made …"));
  try {
    const batch = await post(pathOf("batches"), newBatch());
    await post(pathOf("preview", { batch: batch.id }));
    if (config.marked) keepMarked(config.user, []);
    location.assign(pathOf("batch", { batch: batch.id }));
  } catch (error) {
    showError(error);
    const { field = "", unusable = [] } = /** @type {import("../../../garden/lib/http.js").ApiError} */ (error).body;
    point(field);
    await candidates.leave(unusable);
    button?.removeAttribute("aria-disabled");
  }
}

/** Whether every field holds what it may; the first that does not says so. */
function isValid() {
  find(":invalid", form)?.closest("details")?.setAttribute("open", "");
  return form.reportValidity();
}

/** JSON travels as strings, as the file of a mask may be beside it. */
function newBatch() {
  const again = /** @type {HTMLInputElement} */ (find("[data-again]")).checked;
  const parts = { recipe: readRecipe(), again, ...candidates.asked };
  const data = new FormData();
  data.set("id", id);
  for (const [name, value] of Object.entries(parts)) data.set(name, JSON.stringify(value));
  if (region() !== DRAWN) return data;
  if (config.maskOf) data.set("mask_of", config.maskOf);
  else if (maskFile?.files?.[0]) data.set("mask", maskFile.files[0]);
  return data;
}

/** @param {string} field that the garden refused, as in `expand` or `settings.steps` */
function point(field) {
  const [name, inner] = field.split(".");
  const refused = findAll(`[data-recipe="${name}"], [data-span="${name}"] input`, form);
  for (const one of findAll("[aria-invalid]", form)) one.removeAttribute("aria-invalid");
  for (const one of refused) one.setAttribute("aria-invalid", "true");
  if (inner) settings.point(inner);
  else refused[0]?.focus();
}
