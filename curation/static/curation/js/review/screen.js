/** What lies on the curator's screen: the list, the picture they are at, and how they look at it. */

import { Marks } from "./marks.js";
import { PictureList } from "./picture_list.js";

/** @typedef {import("./picture_list.js").Picture} Picture */

const NEARLY_AT_THE_END = 90;

export class ReviewScreen extends EventTarget {
  list = new PictureList();
  marks = new Marks();
  /** @type {number | null} */
  at = null;
  /** @type {"grid" | "one"} */
  view = "grid";

  get place() {
    return this.at === null ? 0 : Math.min(this.list.placeOf(this.at), Math.max(0, this.list.length - 1));
  }

  /** @returns {Picture | undefined} */
  get current() {
    return this.list.pictures[this.place];
  }

  /**
   * Go to a picture of the list.
   * @param {number} place
   */
  goTo(place) {
    const within = Math.max(0, Math.min(place, this.list.length - 1));
    const picture = this.list.pictures[within];
    if (!picture) return;
    this.at = picture.id;
    this.#notify("move");
    this.reachOut(within);
  }

  /** @param {number} steps */
  move(steps) {
    this.goTo(this.place + steps);
  }

  /** @param {number} id */
  goToPicture(id) {
    if (this.list.find(id)) this.goTo(this.list.placeOf(id));
  }

  /** @param {"grid" | "one"} view */
  look(view) {
    if (view === this.view || (view === "one" && !this.current)) return;
    this.view = view;
    this.#notify("look");
  }

  /**
   * Pictures were decided, here or elsewhere.
   * @param {Picture[]} pictures
   */
  changed(pictures) {
    if (pictures.length > 0) this.dispatchEvent(new CustomEvent("change", { detail: pictures }));
  }

  /**
   * Ask for more before the curator gets there.
   * @param {number} place
   */
  reachOut(place) {
    if (this.list.hasOlder && place > this.list.length - NEARLY_AT_THE_END) void this.list.older().catch(() => {});
    if (this.list.hasNewer && place < NEARLY_AT_THE_END / 3) void this.list.newer().catch(() => {});
  }

  /** @param {string} what */
  #notify(what) {
    this.dispatchEvent(new Event(what));
  }
}
