/** Which pictures are marked, to be retouched together: in whatever list they are, and wherever the list is scrolled. */

import { gettext } from "../../../garden/lib/i18n.js";
import { keepMarked, markedBy } from "../marked.js";
import { showStatus } from "./bar.js";
import { config } from "./config.js";

/** Says "change" with the ids that were marked or unmarked. */
export class Marks extends EventTarget {
  #ids = new Set(markedBy(config.user));

  constructor() {
    super();
    // The page may come back as it was left, after its marks became a batch.
    window.addEventListener("pageshow", ({ persisted }) => {
      if (persisted) this.set(markedBy(config.user));
    });
  }

  get count() {
    return this.#ids.size;
  }

  get all() {
    return [...this.#ids];
  }

  /** @param {number} id */
  has(id) {
    return this.#ids.has(id);
  }

  /**
   * @param {number[]} ids
   * @returns {boolean} false, and nothing is marked, when they would be more than a batch can have
   */
  add(ids) {
    const news = ids.filter((id) => !this.#ids.has(id));
    if (this.count + news.length > config.mostMarked) return false;
    for (const id of news) this.#ids.add(id);
    this.#notify(news);
    return true;
  }

  /** @param {number} id */
  drop(id) {
    if (this.#ids.delete(id)) this.#notify([id]);
  }

  clear() {
    const before = [...this.#ids];
    this.#ids.clear();
    this.#notify(before);
  }

  /** Exactly these, as far as a batch can have them. @param {number[]} ids */
  set(ids) {
    const before = this.#ids;
    this.#ids = new Set(ids.slice(0, config.mostMarked));
    this.#notify([...before, ...this.#ids].filter((id) => before.has(id) !== this.#ids.has(id)));
  }

  /** @param {number[]} changed */
  #notify(changed) {
    if (changed.length === 0) return;
    keepMarked(config.user, this.#ids);
    this.dispatchEvent(new CustomEvent("change", { detail: changed }));
  }
}

/**
 * @typedef {Object} Marking
 * @property {() => void} toggle the picture the curator is at
 * @property {() => void} reach from the last one that was marked or unmarked to the current one
 * @property {(steps: number) => void} along mark on the way to another picture
 * @property {() => void} clear
 */

/**
 * @param {import("./screen.js").ReviewScreen} screen
 * @returns {Marking}
 */
export function marking(screen) {
  const { list, marks } = screen;
  /** @type {number | null} */
  let anchor = null;

  /** @param {number} one @param {number} other places in the list */
  const mark = (one, other) => {
    const [first, last] = one < other ? [one, other] : [other, one];
    const shown = list.pictures.slice(first, last + 1);
    const ids = shown.filter((picture) => !picture.gone).map((picture) => picture.id);
    if (!marks.add(ids)) showStatus(gettext("At most {most} pictures can be marked.", { most: config.mostMarked }));
  };

  const toggle = () => {
    const { current } = screen;
    if (!current) return;
    anchor = current.id;
    if (marks.has(current.id)) marks.drop(current.id);
    else mark(screen.place, screen.place);
  };

  const reach = () => {
    if (!screen.current) return;
    const from = anchor !== null && list.find(anchor) ? list.placeOf(anchor) : screen.place;
    mark(from, screen.place);
    anchor = screen.current.id;
  };

  /** @param {number} steps */
  const along = (steps) => {
    const from = screen.place;
    screen.move(steps);
    if (!screen.current) return;
    mark(from, screen.place);
    anchor = screen.current.id;
  };

  const clear = () => {
    if (marks.count === 0) return;
    marks.clear();
    anchor = null;
    showStatus(gettext("No picture is marked any more."));
  };

  return { toggle, reach, along, clear };
}
