/** From here to there, as two fields; the recipe writes `3...12`, and `Infinity` for an end that is left open. */

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
