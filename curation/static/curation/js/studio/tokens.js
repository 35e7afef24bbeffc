/** A prompt as tokens: each on or off, with a weight, in an order of its own. */

import { interpolate } from "../../../garden/lib/i18n.js";
import { find, findAll } from "../../../garden/lib/page.js";

/**
 * @typedef {{text: string, weight: number, on: boolean}} Token
 */

const STEP = 0.1;
const LEAST = 0;
const MOST = 3;
const LONGEST = 200;

export class Tokens extends EventTarget {
  /** @type {Token[]} */
  #tokens = [];

  /** @param {HTMLElement} field with a list, an input and a template of a token */
  constructor(field) {
    super();
    this.list = find("[data-tokens]", field);
    this.input = /** @type {HTMLInputElement} */ (find("[data-token-input]", field));
    this.template = /** @type {HTMLTemplateElement} */ (/** @type {unknown} */ (find("template", field)));
    this.input.addEventListener("keydown", (event) => this.#type(event));
    this.input.addEventListener("change", () => this.#take());
  }

  get tokens() {
    return this.#tokens.map((token) => ({ ...token }));
  }

  /** Without a step: what was there before is forgotten. @param {Token[]} tokens */
  set tokens(tokens) {
    this.#tokens = tokens.map((token) => ({ ...token }));
    this.#show();
  }

  /** As one undo step: listeners receive the previous tokens. @param {Token[]} tokens */
  change(tokens) {
    const before = this.tokens;
    this.tokens = tokens;
    this.dispatchEvent(new CustomEvent("change", { detail: { before, after: this.tokens } }));
  }

  /** Those that are not there yet. @param {string[]} texts */
  addAll(texts) {
    const known = new Set(this.#tokens.map((token) => token.text.toLowerCase()));
    const fresh = texts
      .map((text) => text.trim().slice(0, LONGEST))
      .filter((text, at, all) => text && !known.has(text.toLowerCase()) && all.indexOf(text) === at);
    if (fresh.length) this.change([...this.tokens, ...fresh.map((text) => ({ text, weight: 1, on: true }))]);
  }

  /** @param {KeyboardEvent} event */
  #type(event) {
    if (event.isComposing) return;
    if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      this.#take();
    } else if (event.key === "Backspace" && !this.input.value && this.#tokens.length) {
      this.change(this.tokens.slice(0, -1));
    }
  }

  #take() {
    const texts = this.input.value.split(",");
    this.input.value = "";
    this.addAll(texts);
  }

  #show() {
    const focused = this.#focused();
    this.list.replaceChildren(...this.#tokens.map((token, place) => this.#chip(token, place)));
    if (focused) find(`[data-place="${focused.place}"] ${focused.part}`, this.list)?.focus();
  }

  /** Which button had the focus, so that its successor gets it back. */
  #focused() {
    const active = document.activeElement;
    const chip = /** @type {HTMLElement | null | undefined} */ (active?.closest("[data-place]"));
    const part = active?.getAttribute("data-part");
    return chip && part && this.list.contains(chip) ? { place: chip.dataset.place, part: `[data-part=${part}]` } : null;
  }

  /** @param {Token} token @param {number} place */
  #chip(token, place) {
    const chip = /** @type {HTMLElement} */ (this.template.content.firstElementChild?.cloneNode(true));
    chip.dataset.place = String(place);
    chip.classList.toggle("is-off", !token.on);
    const name = find("[data-part=name]", chip);
    name.textContent = token.text;
    name.setAttribute("aria-pressed", String(token.on));
    find("[data-part=weight]", chip).textContent = token.weight.toFixed(1);
    this.#labels(chip, token.text);
    name.addEventListener("click", () => this.#edit(place, { on: !token.on }));
    name.addEventListener("keydown", (event) => this.#arrow(event, place));
    find("[data-part=more]", chip).addEventListener("click", () => this.#weigh(place, STEP));
    find("[data-part=less]", chip).addEventListener("click", () => this.#weigh(place, -STEP));
    find("[data-part=drop]", chip).addEventListener("click", () => this.#drop(place));
    chip.addEventListener("dragstart", (event) =>
      event.dataTransfer?.setData("text/x-token", `${this.list.id} ${place}`),
    );
    chip.addEventListener("dragover", (event) => event.preventDefault());
    chip.addEventListener("drop", (event) => this.#dropped(event, place));
    return chip;
  }

  /** @param {HTMLElement} chip @param {string} text */
  #labels(chip, text) {
    for (const button of findAll("[data-label]", chip)) {
      button.setAttribute("aria-label", interpolate(button.dataset.label ?? "", { text }));
    }
  }

  /**
   * Alt and an arrow move a token; an arrow alone goes to the next.
   * @param {KeyboardEvent} event
   * @param {number} place
   */
  #arrow(event, place) {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by) {
      if (event.key === "Delete") this.#drop(place);
      else if (event.key === "ArrowUp") this.#weigh(place, STEP);
      else if (event.key === "ArrowDown") this.#weigh(place, -STEP);
      else return;
      return event.preventDefault();
    }
    event.preventDefault();
    const to = Math.min(Math.max(place + by, 0), this.#tokens.length - 1);
    if (event.altKey) this.#move(place, to);
    find(`[data-place="${to}"] [data-part=name]`, this.list)?.focus();
  }

  /** @param {DragEvent} event @param {number} to */
  #dropped(event, to) {
    const [list, from] = event.dataTransfer?.getData("text/x-token").split(" ") ?? [];
    if (list !== this.list.id) return;
    event.preventDefault();
    this.#move(Number(from), to);
  }

  /** @param {number} from @param {number} to */
  #move(from, to) {
    if (from === to) return;
    const tokens = this.tokens;
    tokens.splice(to, 0, ...tokens.splice(from, 1));
    this.change(tokens);
  }

  /** @param {number} place @param {number} by */
  #weigh(place, by) {
    const weight = Math.round((this.#tokens[place].weight + by) * 10) / 10;
    if (weight >= LEAST && weight <= MOST) this.#edit(place, { weight });
  }

  /** @param {number} place @param {Partial<Token>} changes */
  #edit(place, changes) {
    this.change(this.tokens.map((token, at) => (at === place ? { ...token, ...changes } : token)));
  }

  /** @param {number} place */
  #drop(place) {
    this.change(this.tokens.filter((_, at) => at !== place));
    (find(`[data-place="${Math.max(0, place - 1)}"] [data-part=name]`, this.list) ?? this.input).focus();
  }
}
