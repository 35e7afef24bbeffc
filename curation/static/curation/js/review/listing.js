/**
 * The pictures of the filter, newest first, as far as they are loaded; which one the curator is at; and how they look at
 * it. Pictures are in the order of their ids, so that a place in the list is found by halving, and a picture that went
 * away still has a place.
 */

import { fetchJson } from "../../../garden/lib/http.js";
import { config } from "./config.js";

/**
 * @typedef {import("./config.js").Picture} Picture
 * @typedef {import("schemas").Schema["ImagePage"]} Page
 * @typedef {"before" | "after"} Way to older or to newer pictures
 */

/** How often a narrow filter may answer "nothing here, go on there" before the next step is left to the curator. */
const STRIDES = 40;
const NEARLY_AT_THE_END = 90;
const NEARLY_AT_THE_START = 30;

/**
 * Events: `start` (another list), `grown` (with the number of pictures in front of the others), `move` (another current
 * picture), `look` (another view), `change` (with the pictures that were decided, here or elsewhere).
 */
class Listing extends EventTarget {
  /** @type {Picture[]} */
  pictures = [];
  /** The id of the current picture. @type {number | null} */
  at = null;
  /** @type {"grid" | "one"} */
  view = "grid";
  /** Where the next pages begin; null where there are none. @type {Record<Way, number | null>} */
  #ends = { before: null, after: null };
  /** @type {Partial<Record<Way, Promise<void>>>} */
  #loading = {};
  #generation = 0;

  get hasOlder() {
    return this.#ends.before !== null;
  }

  get place() {
    return this.at === null ? 0 : Math.max(0, Math.min(this.placeOf(this.at), this.pictures.length - 1));
  }

  /** @returns {Picture | undefined} */
  get current() {
    return this.pictures[this.place];
  }

  /** @param {Page} page */
  start(page) {
    this.#generation += 1;
    this.#loading = {};
    this.pictures = page.images;
    this.#ends = { before: page.next, after: page.previous };
    this.dispatchEvent(new Event("start"));
  }

  /** Loads the list again around the current picture, or around its former place. */
  async restart() {
    this.start(await fetchPage(this.at === null ? {} : { around: this.at }));
    this.goTo(this.place);
  }

  /** Where this id is, or would be. A list by likeness is short and in an order of its own. @param {number} id */
  placeOf(id) {
    if (config.filter.like) {
      const place = this.pictures.findIndex((picture) => picture.id === id);
      return Math.max(0, place);
    }
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

  /** @param {number} place */
  goTo(place) {
    const within = Math.max(0, Math.min(place, this.pictures.length - 1));
    const picture = this.pictures[within];
    if (!picture) return;
    this.at = picture.id;
    this.dispatchEvent(new Event("move"));
    this.reachOut(within);
  }

  /** @param {number} steps */
  move(steps) {
    this.goTo(this.place + steps);
  }

  /** @param {number} id */
  goToPicture(id) {
    if (this.find(id)) this.goTo(this.placeOf(id));
  }

  /** @param {"grid" | "one"} view */
  look(view) {
    if (view === this.view || (view === "one" && !this.current)) return;
    this.view = view;
    this.dispatchEvent(new Event("look"));
  }

  /** @param {Picture[]} pictures */
  changed(pictures) {
    if (pictures.length > 0) this.dispatchEvent(new CustomEvent("change", { detail: pictures }));
  }

  /** Loads more before the curator gets there. @param {number} place */
  reachOut(place) {
    if (place > this.pictures.length - NEARLY_AT_THE_END) this.load("before");
    if (place < NEARLY_AT_THE_START) this.load("after");
  }

  /** What cannot be loaded now is loaded with a later step. @param {Way} way */
  load(way) {
    if (this.#ends[way] === null) return;
    this.#loading[way] ??= this.#extend(way)
      .catch(() => {})
      .finally(() => delete this.#loading[way]);
  }

  /** @param {Way} way */
  async #extend(way) {
    const generation = this.#generation;
    for (let stride = 0; stride < STRIDES; stride += 1) {
      const from = this.#ends[way];
      if (from === null) return;
      const page = await fetchPage({ [way]: from });
      if (generation !== this.#generation) return;
      const before = way === "after" ? page.images.length : 0;
      if (before) this.pictures.unshift(...page.images);
      else this.pictures.push(...page.images);
      this.#ends[way] = way === "after" ? page.previous : page.next;
      this.dispatchEvent(new CustomEvent("grown", { detail: before }));
      if (page.images.length > 0) return;
    }
  }
}

/** @param {Record<string, number>} where @returns {Promise<Page>} */
function fetchPage(where) {
  return fetchJson(config.paths.images, { params: { ...config.filter, ...where, limit: config.pageSize } });
}

export const listing = new Listing();
