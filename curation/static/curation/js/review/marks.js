/** Which pictures are marked, to be retouched together: in whatever list they are, and wherever the list is scrolled. */

import { keepMarked, markedBy } from "../marked.js";
import { config } from "./config.js";

/** Says "change" with the ids that were marked or unmarked. */
export class Marks extends EventTarget {
  #ids = new Set(markedBy(config.user));

  constructor() {
    super();
    // The page may come back as it was left, after its marks became a batch.
    window.addEventListener("pageshow", ({ persisted }) => {
      if (persisted) this.#replace(markedBy(config.user));
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
    this.#tell(news);
    return true;
  }

  /** @param {number} id */
  drop(id) {
    if (this.#ids.delete(id)) this.#tell([id]);
  }

  clear() {
    const before = [...this.#ids];
    this.#ids.clear();
    this.#tell(before);
  }

  /** @param {number[]} ids */
  #replace(ids) {
    const before = [...this.#ids];
    this.#ids = new Set(ids);
    this.#tell([...before, ...ids]);
  }

  /** @param {number[]} changed */
  #tell(changed) {
    if (changed.length === 0) return;
    keepMarked(config.user, this.#ids);
    this.dispatchEvent(new CustomEvent("change", { detail: changed }));
  }
}
