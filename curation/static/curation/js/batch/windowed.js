/** A list of thousands of which only what is near the window is in the page; the rest keeps its room. */

/**
 * @template T
 * @typedef {{total: number, items: T[]}} Part of a list, from a place in it on
 */

const PAGE = 60;
const AHEAD = "600px";

/** @template T */
export class Windowed {
  /** @type {HTMLElement[]} */
  #sections = [];
  /** @type {Set<HTMLElement>} */
  #near = new Set();
  #total = 0;
  #round = 0;
  /** Of a whole section, in pixels. */
  #height = 0;

  /**
   * @param {HTMLElement} box
   * @param {Object} how
   * @param {(start: number, limit: number) => Promise<Part<T>>} how.load
   * @param {(item: T) => HTMLElement} how.draw
   * @param {(first: number, last: number) => string} how.name of a section
   */
  constructor(box, { load, draw, name }) {
    this.box = box;
    this.load = load;
    this.draw = draw;
    this.name = name;
    this.watch = new IntersectionObserver((entries) => this.#moved(entries), { rootMargin: AHEAD });
  }

  get total() {
    return this.#total;
  }

  /** From the beginning, with whatever is loaded then. */
  async start() {
    this.#round++;
    for (const section of this.#sections) this.#drop(section);
    this.#sections = [];
    const part = await this.load(0, PAGE);
    this.#total = part.total;
    if (part.total) this.#measure(part.items);
    this.#resize(part.total);
  }

  /** The height of a whole section, measured on the first. @param {T[]} items */
  #measure(items) {
    const first = this.#add();
    first.replaceChildren(...items.map((item) => this.draw(item)));
    first.style.minHeight = "";
    this.#height = first.offsetHeight;
  }

  /** Draws the rows near the window again; earlier ones stay until then. */
  async refresh() {
    await Promise.all([...this.#near].map((section) => this.#fill(section)));
  }

  /** @param {number} total */
  #resize(total) {
    this.#total = total;
    const wanted = Math.ceil(total / PAGE);
    while (this.#sections.length > wanted) this.#drop(/** @type {HTMLElement} */ (this.#sections.pop()));
    while (this.#sections.length < wanted) this.#add();
    this.box.dispatchEvent(new CustomEvent("sized", { detail: total }));
  }

  #add() {
    const section = document.createElement("ul");
    const first = this.#sections.length * PAGE + 1;
    section.className = "tiles";
    section.dataset.first = String(first);
    section.setAttribute("aria-label", this.name(first, Math.min(this.#total, first + PAGE - 1)));
    // The room that it will take, so that nothing moves once it is filled.
    section.style.minHeight = `${(this.#height * Math.min(PAGE, this.#total - first + 1)) / PAGE}px`;
    this.#sections.push(section);
    this.box.append(section);
    this.watch.observe(section);
    return section;
  }

  /** @param {HTMLElement} section */
  #drop(section) {
    this.watch.unobserve(section);
    this.#near.delete(section);
    section.remove();
  }

  /** @param {IntersectionObserverEntry[]} entries */
  #moved(entries) {
    for (const { target, isIntersecting } of entries) {
      const section = /** @type {HTMLElement} */ (target);
      if (isIntersecting) {
        this.#near.add(section);
        void this.#fill(section);
      } else if (!section.contains(document.activeElement)) {
        this.#empty(section);
      }
    }
  }

  /** @param {HTMLElement} section */
  async #fill(section) {
    const round = this.#round;
    const start = Number(section.dataset.first) - 1;
    const part = await this.load(start, PAGE).catch(() => null);
    if (!part || round !== this.#round || !this.#near.has(section)) return;
    this.#keepFocus(section, () => section.replaceChildren(...part.items.map((item) => this.draw(item))));
    section.style.minHeight = "";
    if (part.total !== this.#total) this.#resize(part.total);
  }

  /** @param {HTMLElement} section @param {() => void} redraw */
  #keepFocus(section, redraw) {
    const focused = section.contains(document.activeElement) ? document.activeElement : null;
    const place = [...section.children].findIndex((tile) => tile.contains(focused));
    redraw();
    const heir = section.children[place]?.querySelector("a, input");
    if (heir instanceof HTMLElement) heir.focus({ preventScroll: true });
  }

  /** @param {HTMLElement} section */
  #empty(section) {
    this.#near.delete(section);
    if (!section.childElementCount) return;
    section.style.minHeight = `${section.offsetHeight}px`;
    section.replaceChildren();
  }
}
