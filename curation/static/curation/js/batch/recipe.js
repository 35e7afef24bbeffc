/** The recipe as the form says it, and as JSON: the garden alone judges it. */

import { post } from "../../../garden/lib/http.js";
import { gettext } from "../../../garden/lib/i18n.js";
import { find, findAll } from "../../../garden/lib/page.js";
import { showStatus } from "../status.js";
import { config, onClick, pathOf } from "../studio/config.js";
import "../studio/presets.js";
import { readField, settings } from "../studio/settings.js";

/** @import { Field } from "../studio/settings.js" */

const DRAWN = "mask";
const OPEN = "Infinity";

class RecipeForm extends EventTarget {
  form = /** @type {HTMLFormElement} */ (find("[data-recipe-form]"));
  #fields = /** @type {Field[]} */ (findAll("[data-recipe]"));
  #spans = findAll("[data-span]").map((box) => new Span(box));
  #text = /** @type {HTMLTextAreaElement} */ (find("[data-json-text]"));

  constructor() {
    super();
    this.recipe = config.recipe;
    this.form.addEventListener("change", ({ target }) => {
      if (target !== this.#text) this.#changed();
    });
    settings.addEventListener("change", () => this.#changed());
    onClick("[data-json-use]", () => this.#use());
    this.#changed();
  }

  /** As the API of batches names its parts. @returns {Record<string, any>} */
  get recipe() {
    const own = Object.fromEntries(this.#fields.map((field) => [field.dataset.recipe, readField(field)]));
    const spans = Object.fromEntries(this.#spans.map((span) => [span.name, span.value]));
    return { ...own, ...spans, region: this.region, settings: settings.accepted };
  }

  /** @param {Record<string, any>} recipe */
  set recipe(recipe) {
    for (const field of this.#fields) {
      const value = recipe[field.dataset.recipe ?? ""];
      if (field.type === "checkbox") /** @type {HTMLInputElement} */ (field).checked = value === true;
      else field.value = String(value);
    }
    for (const span of this.#spans) span.value = recipe[span.name];
    const region = /** @type {HTMLInputElement | null} */ (find(`[name=region][value="${recipe.region}"]`, this.form));
    if (region) region.checked = true;
    settings.values = recipe.settings;
  }

  get region() {
    return String(new FormData(this.form).get("region") ?? "all");
  }

  /** The file of a drawn mask; none where it is not needed, or the page has it already. */
  get mask() {
    const input = /** @type {HTMLInputElement | null} */ (find("[data-mask-file]"));
    return this.region === DRAWN ? input?.files?.[0] : undefined;
  }

  get lacksMask() {
    return this.region === DRAWN && !config.maskOf && !this.mask;
  }

  /** Whether every field holds what it may; the first that does not says so. */
  get isWell() {
    const spans = this.#spans.flatMap((span) => span.fields);
    const wrong = [...this.#fields, ...spans, ...settings.fields].find((field) => !field.checkValidity());
    wrong?.closest("details")?.setAttribute("open", "");
    wrong?.reportValidity();
    return !wrong;
  }

  /** @param {string} field that the garden refused */
  point(field) {
    const [name, inner] = field.split(".");
    for (const one of this.#fields) one.toggleAttribute("aria-invalid", one.dataset.recipe === name);
    for (const span of this.#spans) span.point(span.name === name);
    if (inner) settings.point(inner);
    else this.#fields.find((one) => one.dataset.recipe === name)?.focus();
  }

  #changed() {
    const { recipe } = this;
    find("[data-mask]", this.form).hidden = recipe.region !== DRAWN;
    find("[data-margin]", this.form).hidden = recipe.part !== "region";
    this.#text.value = JSON.stringify(recipe, null, 2);
    this.dispatchEvent(new Event("change"));
  }

  /** What was pasted becomes the form. */
  async #use() {
    let pasted;
    try {
      pasted = JSON.parse(this.#text.value);
    } catch (error) {
      return showStatus(gettext("This is no JSON: {why}", { why: /** @type {Error} */ (error).message }), "error");
    }
    this.recipe = await post(pathOf("recipe"), { recipe: pasted });
    this.#changed();
    showStatus(gettext("The recipe is in the form."));
  }
}

/** Two numbers, from the first to the last; the last may be left open. */
class Span {
  /** @param {HTMLElement} box */
  constructor(box) {
    this.name = box.dataset.span ?? "";
    this.first = /** @type {HTMLInputElement} */ (find("[data-end=first]", box));
    this.last = /** @type {HTMLInputElement} */ (find("[data-end=last]", box));
    this.fields = [this.first, this.last];
    this.least = this.first.min;
    this.first.addEventListener("change", () => this.#bound());
  }

  get value() {
    return `${this.first.value || this.least}...${this.last.value || OPEN}`;
  }

  /** What begins below the least that there is begins with it. @param {string} written */
  set value(written) {
    const [first, last] = written.split("...");
    this.first.value = Number(first) > Number(this.least) ? first : this.least;
    this.last.value = last === OPEN ? "" : last;
    this.#bound();
  }

  /** @param {boolean} refused */
  point(refused) {
    for (const field of this.fields) field.toggleAttribute("aria-invalid", refused);
    if (refused) this.first.focus();
  }

  /** It does not end before it begins. */
  #bound() {
    this.last.min = this.first.value || this.least;
  }
}

export const recipeForm = new RecipeForm();
