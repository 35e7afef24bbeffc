/** The recipe as the form says it, and as JSON: the garden alone judges it. */

import { post } from "../../../garden/lib/http.js";
import { gettext } from "../../../garden/lib/i18n.js";
import { find, findAll } from "../../../garden/lib/page.js";
import { config, pathOf } from "../studio/config.js";
import { startPresets } from "../studio/presets.js";
import { Settings } from "../studio/settings.js";
import { showStatus, trying } from "../studio/status.js";

/**
 * @typedef {HTMLInputElement | HTMLSelectElement} Field
 * @typedef {Record<string, any>} Recipe as the API of batches names its parts
 */

const DRAWN = "mask";
/** Nothing is undone on this page. */
const NO_STEPS = /** @type {any} */ ({ add: () => {} });

export class RecipeForm extends EventTarget {
  constructor() {
    super();
    this.form = /** @type {HTMLFormElement} */ (find("[data-recipe-form]"));
    this.fields = /** @type {Field[]} */ (findAll("[data-recipe]"));
    this.spans = findAll("[data-span]").map((box) => new Span(box));
    this.text = /** @type {HTMLTextAreaElement} */ (find("[data-json-text]"));
    this.settings = new Settings(NO_STEPS);
    void startPresets(this.settings);
    this.recipe = config.recipe;
    this.form.addEventListener("change", ({ target }) => {
      if (target !== this.text) this.#changed();
    });
    this.settings.addEventListener("change", () => this.#changed());
    find("[data-json-use]").addEventListener("click", () => void this.#use());
    this.#changed();
  }

  /** @returns {Recipe} */
  get recipe() {
    const own = Object.fromEntries(this.fields.map((field) => [field.dataset.recipe, readField(field)]));
    const spans = Object.fromEntries(this.spans.map((span) => [span.name, span.value]));
    return { ...own, ...spans, region: this.region, settings: this.settings.accepted };
  }

  /** @param {Recipe} recipe */
  set recipe(recipe) {
    for (const field of this.fields) putInto(field, recipe[field.dataset.recipe ?? ""]);
    for (const span of this.spans) span.value = recipe[span.name];
    const region = find(`[name=region][value="${recipe.region}"]`, this.form);
    if (region instanceof HTMLInputElement) region.checked = true;
    this.settings.values = recipe.settings;
  }

  get region() {
    return String(new FormData(this.form).get("region") ?? "all");
  }

  /** The file of a drawn mask; null where none is needed, or the page has it already. */
  get mask() {
    const input = find("[data-mask-file]");
    return this.region === DRAWN && input instanceof HTMLInputElement ? (input.files?.[0] ?? null) : null;
  }

  get lacksMask() {
    return this.region === DRAWN && !config.maskOf && !this.mask;
  }

  /** Whether every field holds what it may; the first that does not says so. */
  get isWell() {
    const spans = this.spans.flatMap((span) => span.fields);
    const wrong = [...this.fields, ...spans, ...this.settings.fields].find((field) => !field.checkValidity());
    wrong?.closest("details")?.setAttribute("open", "");
    wrong?.reportValidity();
    return !wrong;
  }

  /** @param {string} field that the garden refused */
  point(field) {
    const [name, inner] = field.split(".");
    for (const one of this.fields) one.toggleAttribute("aria-invalid", one.dataset.recipe === name);
    for (const span of this.spans) span.point(span.name === name);
    if (inner) this.settings.point(inner);
    else this.fields.find((one) => one.dataset.recipe === name)?.focus();
  }

  #changed() {
    find("[data-mask]", this.form).hidden = this.region !== DRAWN;
    find("[data-margin]", this.form).hidden = this.recipe.part !== "region";
    this.text.value = JSON.stringify(this.recipe, null, 2);
    this.dispatchEvent(new Event("change"));
  }

  /** What was pasted becomes the form. */
  async #use() {
    let given;
    try {
      given = JSON.parse(this.text.value);
    } catch (error) {
      return showStatus(gettext("This is no JSON: {why}", { why: /** @type {Error} */ (error).message }), "error");
    }
    await trying(async () => {
      this.recipe = await post(pathOf("recipe"), { recipe: given });
      this.#changed();
      showStatus(gettext("The recipe is in the form."));
    });
  }
}

/** @param {Field} field */
function readField(field) {
  if (field instanceof HTMLInputElement && field.type === "checkbox") return field.checked;
  return field.type === "number" ? Number(field.value) : field.value;
}

/** @param {Field} field @param {unknown} value */
function putInto(field, value) {
  if (field instanceof HTMLInputElement && field.type === "checkbox") field.checked = value === true;
  else field.value = String(value);
}

const OPEN = "Infinity";

export class Span {
  /** @param {HTMLElement} box */
  constructor(box) {
    this.name = box.dataset.span ?? "";
    this.first = /** @type {HTMLInputElement} */ (box.querySelector('[data-end="first"]'));
    this.last = /** @type {HTMLInputElement} */ (box.querySelector('[data-end="last"]'));
    this.least = this.first.min;
    this.first.addEventListener("change", () => this.#bound());
  }

  get fields() {
    return [this.first, this.last];
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
