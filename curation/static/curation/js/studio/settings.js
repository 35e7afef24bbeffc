/** The settings of the next edit: what the form says, kept as one object, every change a step. */

import { gettext } from "../../../garden/lib/i18n.js";
import { find, findAll } from "../../../garden/lib/page.js";
import { config } from "./config.js";
import { steps } from "./steps.js";
import { Tokens } from "./tokens.js";

/**
 * @typedef {Record<string, any>} Values as the retouch API names them
 * @typedef {HTMLInputElement | HTMLSelectElement} Field
 * @typedef {{name: string, model: string, abilities: string[], words: string[]}} Engine the words that it knows; none: any
 */

class Settings extends EventTarget {
  /** @type {Values} */
  #values;

  constructor() {
    super();
    this.fields = /** @type {Field[]} */ (findAll("[data-setting]"));
    this.prompts = {
      prompt: new Tokens(find("[data-prompt=prompt]")),
      negative: new Tokens(find("[data-prompt=negative]")),
    };
    this.#values = { ...config.options.defaults };
    for (const field of this.fields) {
      field.addEventListener(field.type === "range" ? "input" : "change", () => this.#onChange(field));
    }
    for (const [name, tokens] of Object.entries(this.prompts)) {
      tokens.addEventListener("change", () => this.change({ [name]: tokens.tokens }, gettext("prompt")));
    }
    for (const stop of findAll("[data-stop]")) {
      stop.addEventListener("click", () => this.change({ strength: Number(stop.dataset.stop) }, gettext("settings")));
    }
    this.#show();
  }

  get values() {
    return structuredClone(this.#values);
  }

  /** What the chosen engine accepts of them; the rest is as usual. */
  get accepted() {
    const values = this.values;
    for (const name in NEEDS) if (!accepts(values, NEEDS[name])) values[name] = config.options.defaults[name];
    return values;
  }

  /** Without a step. @param {Values} values */
  set values(values) {
    this.#values = { ...config.options.defaults, ...structuredClone(values) };
    this.#show();
    this.dispatchEvent(new Event("change"));
  }

  /** As a step. @param {Values} changes @param {string} name @param {string} [join] */
  change(changes, name, join) {
    const before = this.values;
    this.values = { ...before, ...changes };
    const after = this.values;
    const put = (/** @type {Values} */ values) => () => {
      this.values = values;
    };
    steps.add({ name, undo: put(before), redo: put(after), join });
  }

  /** @param {string} field that the garden refused; empty when it was none of them */
  point(field) {
    for (const one of this.fields) one.removeAttribute("aria-invalid");
    const refused = this.fields.find((one) => one.dataset.setting === field);
    refused?.setAttribute("aria-invalid", "true");
    refused?.focus();
  }

  /** @param {Field} field */
  #onChange(field) {
    const name = field.dataset.setting ?? "";
    if (!field.checkValidity()) return void field.reportValidity();
    this.change({ [name]: readField(field) }, gettext("settings"), `setting ${name}`);
  }

  #show() {
    for (const field of this.fields) {
      const name = field.dataset.setting ?? "";
      writeField(field, this.#values[name]);
      const output = find(`[data-value-of="${name}"]`);
      if (output) output.textContent = shownValue(name, this.#values[name]);
    }
    for (const [name, tokens] of Object.entries(this.prompts)) tokens.tokens = this.#values[name] ?? [];
    for (const part of findAll("[data-ability]")) part.hidden = !accepts(this.#values, part.dataset.ability ?? "");
    for (const stop of findAll("[data-stop]")) {
      stop.setAttribute("aria-pressed", String(Number(stop.dataset.stop) === this.#values.strength));
    }
  }
}

/** Percents are shares for the garden; what is left empty is the model's own choice. @param {Field} field */
export function readField(field) {
  if (field instanceof HTMLInputElement && field.type === "checkbox") return field.checked;
  if (field.type !== "number" && field.type !== "range") return field.value;
  if (field.value === "") return null;
  return field.dataset.percent === undefined ? Number(field.value) : Number(field.value) / 100;
}

/** @param {Field} field @param {number | string | boolean | null} [value] */
export function writeField(field, value) {
  if (field instanceof HTMLInputElement && field.type === "checkbox") field.checked = value === true;
  else if (field.dataset.percent === undefined) field.value = String(value ?? "");
  else field.value = String(Math.round(Number(value) * 100));
}

/** A setting's value in words. @param {string} name @param {any} value */
export function shownValue(name, value) {
  if (Array.isArray(value)) return value.map(tokenOf).join(", ") || gettext("none");
  if (value !== null && typeof value === "object") {
    return `${value.x}, ${value.y} · ${value.width} × ${value.height} px`;
  }
  const field = /** @type {Field | null} */ (document.querySelector(`[data-setting="${name}"]`));
  if (field instanceof HTMLSelectElement) {
    return [...field.options].find((option) => option.value === value)?.text ?? String(value);
  }
  if (value === null || value === "") return field?.placeholder || gettext("the model's own");
  const isShare = field?.dataset.percent !== undefined || name === "opacity";
  return isShare ? `${Math.round(Number(value) * 100)} %` : String(value);
}

/** @param {{text: string, weight: number, on: boolean}} token */
function tokenOf({ text, weight, on }) {
  const weighed = weight === 1 ? text : `${text} × ${weight}`;
  return on ? weighed : `(${weighed})`;
}

/** @type {Record<string, string>} the ability that a setting needs */
const NEEDS = {
  negative: "negative",
  steps: "steps",
  guidance: "guidance",
  sampler: "samplers",
  line_weight: "line_art",
  reference_weight: "reference",
};

/** Engines that the garden did not describe are offered all. @param {Values} values @param {string} ability */
function accepts(values, ability) {
  return engineOf(values)?.abilities.includes(ability) ?? true;
}

/** @param {Values} values @returns {Engine | undefined} */
export function engineOf({ engine, model }) {
  const { engines, default_engine: usual } = config.options;
  const named = engines.filter((/** @type {Engine} */ { name }) => name === (engine || usual));
  const of = (/** @type {string} */ wanted) => named.find((/** @type {Engine} */ one) => one.model === wanted);
  return of(model) ?? of("");
}

/** Of one picture by the engine that is chosen. @param {import("schemas").Schema["Credits"]} credits */
export function priceOf({ price, prices }) {
  return prices[settings.values.engine] ?? price;
}

export const settings = new Settings();
