/** A prompt as tokens: each on or off, with a weight, in an order of its own. */

import { interpolate } from "../../../garden/lib/i18n.js";
import { cloneTemplate, find, findAll } from "../../../garden/lib/page.js";
import { clamp } from "./geometry.js";

/** @typedef {{text: string, weight: number, on: boolean}} Token */

const STEP = 0.1;
const LEAST = 0;
const MOST = 3;
const LONGEST = 200;
const DRAGGED = "text/x-token";

export class Tokens extends EventTarget {
  /** @type {Token[]} */
  #tokens = [];

  /** @param {HTMLElement} field with a list and an input */
  constructor(field) {
    super();
    this.list = find("[data-tokens]", field);
    this.input = /** @type {HTMLInputElement} */ (find("[data-token-input]", field));
    this.input.addEventListener("keydown", (event) => this.#type(event));
    this.input.addEventListener("change", () => this.#take());
  }

  get tokens() {
    return this.#tokens.map((token) => ({ ...token }));
  }

  /** Without a step: what was there before is forgotten. @param {Token[]} tokens */
  set tokens(tokens) {
    const focused = this.#focused();
    this.#tokens = tokens.map((token) => ({ ...token }));
    this.list.replaceChildren(...this.#tokens.map((token, place) => this.#chip(token, place)));
    if (focused) find(focused, this.list)?.focus();
  }

  /** As one undo step. @param {Token[]} tokens */
  change(tokens) {
    this.tokens = tokens;
    this.dispatchEvent(new Event("change"));
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

  /** The button that has the focus, so that its successor gets it back. @returns {string | undefined} */
  #focused() {
    const part = this.list.contains(document.activeElement) && document.activeElement?.getAttribute("data-part");
    const chip = /** @type {HTMLElement | null | undefined} */ (document.activeElement?.closest("[data-place]"));
    return part && chip ? `[data-place="${chip.dataset.place}"] [data-part=${part}]` : undefined;
  }

  /** @param {Token} token @param {number} place */
  #chip({ text, weight, on }, place) {
    const chip = cloneTemplate("studio-token");
    const name = find("[data-part=name]", chip);
    chip.dataset.place = String(place);
    chip.classList.toggle("is-off", !on);
    name.textContent = text;
    name.setAttribute("aria-pressed", String(on));
    find("[data-part=weight]", chip).textContent = weight.toFixed(1);
    for (const button of findAll("[data-label]", chip)) {
      button.setAttribute("aria-label", interpolate(button.dataset.label ?? "", { text }));
    }
    name.addEventListener("click", () => this.#edit(place, { on: !on }));
    name.addEventListener("keydown", (event) => this.#press(event, place));
    find("[data-part=more]", chip).addEventListener("click", () => this.#weigh(place, STEP));
    find("[data-part=less]", chip).addEventListener("click", () => this.#weigh(place, -STEP));
    find("[data-part=drop]", chip).addEventListener("click", () => this.#drop(place));
    chip.addEventListener("dragstart", ({ dataTransfer }) =>
      dataTransfer?.setData(DRAGGED, `${this.list.id} ${place}`),
    );
    chip.addEventListener("dragover", (event) => event.preventDefault());
    chip.addEventListener("drop", (event) => this.#dropped(event, place));
    return chip;
  }

  /** Alt and an arrow move a token; an arrow alone goes to the next. @param {KeyboardEvent} event @param {number} place */
  #press(event, place) {
    const to = clamp(place + ({ ArrowLeft: -1, ArrowRight: 1 }[event.key] ?? 0), 0, this.#tokens.length - 1);
    if (event.key === "Delete") this.#drop(place);
    else if (event.key === "ArrowUp") this.#weigh(place, STEP);
    else if (event.key === "ArrowDown") this.#weigh(place, -STEP);
    else if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
      if (event.altKey) this.#move(place, to);
      this.#focus(to);
    } else return;
    event.preventDefault();
  }

  /** @param {DragEvent} event @param {number} to */
  #dropped(event, to) {
    const [list, from] = event.dataTransfer?.getData(DRAGGED).split(" ") ?? [];
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
    this.#focus(Math.max(0, place - 1));
  }

  /** @param {number} place without a token: the input */
  #focus(place) {
    (find(`[data-place="${place}"] [data-part=name]`, this.list) ?? this.input).focus();
  }
}
