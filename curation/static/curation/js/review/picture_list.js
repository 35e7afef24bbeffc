/**
 * The pictures of the filter, newest first, as far as they are known. They are in the order of their ids, so that a
 * place in the list is found by halving, and a picture that went away still has a place.
 */

import { fetchJson } from "../../../garden/lib/http.js";
import { config } from "./config.js";

/**
 * @typedef {Object} Picture
 * @property {number} id
 * @property {string} key
 * @property {string} url
 * @property {string} thumb
 * @property {string} emotion
 * @property {string} favorite
 * @property {string} orientation
 * @property {string} state
 * @property {string} verdict
 * @property {number | null} rating
 * @property {number} width
 * @property {number} height
 * @property {string} model
 * @property {string} prompt
 * @property {{verdict: string, rating: number | null} | null} mine
 * @property {number} alike
 * @property {string} [by] who else decided while we looked
 * @property {boolean} [gone] it left the list while we looked
 *
 * @typedef {{images: Picture[], next: number | null, previous: number | null}} Page
 */

/** How often a narrow filter may answer "nothing here, go on there" before the next step is left to the curator. */
const STRIDES = 40;

export class PictureList extends EventTarget {
  /** @type {Picture[]} */
  pictures = [];
  #next = /** @type {number | null} */ (null);
  #previous = /** @type {number | null} */ (null);
  #older = /** @type {Promise<void> | null} */ (null);
  #newer = /** @type {Promise<void> | null} */ (null);
  #generation = 0;

  /** @param {Page} page */
  start(page) {
    this.#generation += 1;
    this.#older = this.#newer = null;
    this.pictures = page.images;
    this.#next = page.next;
    this.#previous = page.previous;
    this.#notify("start", 0);
  }

  get length() {
    return this.pictures.length;
  }

  get hasOlder() {
    return this.#next !== null;
  }

  get hasNewer() {
    return this.#previous !== null;
  }

  /**
   * Where this id is, or would be. A list by likeness is short and in an order of its own.
   * @param {number} id
   */
  placeOf(id) {
    if (config.filter.like)
      return Math.max(
        0,
        this.pictures.findIndex((picture) => picture.id === id),
      );
    let low = 0;
    let high = this.pictures.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.pictures[middle].id > id) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** @param {number} id */
  find(id) {
    const found = this.pictures[this.placeOf(id)];
    return found?.id === id ? found : undefined;
  }

  /**
   * Load again around a picture, or around its former place.
   * @param {number | null} id
   */
  async restart(id) {
    this.start(await this.#ask(id === null ? {} : { around: id }));
  }

  older() {
    this.#older ??= this.#extend("before").finally(() => {
      this.#older = null;
    });
    return this.#older;
  }

  newer() {
    this.#newer ??= this.#extend("after").finally(() => {
      this.#newer = null;
    });
    return this.#newer;
  }

  /** @param {"before" | "after"} way */
  async #extend(way) {
    const generation = this.#generation;
    for (let stride = 0; stride < STRIDES; stride += 1) {
      const from = way === "before" ? this.#next : this.#previous;
      if (from === null) return;
      const page = await this.#ask({ [way]: from });
      if (generation !== this.#generation) return;
      this.#take(page, way);
      if (page.images.length > 0) return;
    }
  }

  /**
   * @param {Page} page
   * @param {"before" | "after"} way
   */
  #take(page, way) {
    if (way === "before") {
      this.#next = page.next;
      this.pictures.push(...page.images);
    } else {
      this.#previous = page.previous;
      this.pictures.unshift(...page.images);
    }
    this.#notify("grown", way === "after" ? page.images.length : 0);
  }

  /**
   * @param {Record<string, number>} where
   * @returns {Promise<Page>}
   */
  #ask(where) {
    return fetchJson(config.paths.images, { params: { ...config.filter, ...where, limit: config.pageSize } });
  }

  /**
   * @param {string} what
   * @param {number} before how many came in front of the others
   */
  #notify(what, before) {
    this.dispatchEvent(new CustomEvent(what, { detail: before }));
  }
}
