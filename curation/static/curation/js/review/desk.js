/** What lies on the curator's desk: the list, the picture they are at, and how they look at it. */

import { Feed } from "./feed.js";
import { Marks } from "./marks.js";

/** @typedef {import("./feed.js").Picture} Picture */

const NEARLY_AT_THE_END = 90;

export class Desk extends EventTarget {
  feed = new Feed();
  marks = new Marks();
  /** @type {number | null} */
  at = null;
  /** @type {"grid" | "one"} */
  view = "grid";

  get place() {
    return this.at === null ? 0 : Math.min(this.feed.placeOf(this.at), Math.max(0, this.feed.length - 1));
  }

  /** @returns {Picture | undefined} */
  get current() {
    return this.feed.pictures[this.place];
  }

  /**
   * Go to a picture of the list.
   * @param {number} place
   */
  goTo(place) {
    const within = Math.max(0, Math.min(place, this.feed.length - 1));
    const picture = this.feed.pictures[within];
    if (!picture) return;
    this.at = picture.id;
    this.#tell("move");
    this.reachOut(within);
  }

  /** @param {number} steps */
  move(steps) {
    this.goTo(this.place + steps);
  }

  /** @param {number} id */
  goToPicture(id) {
    if (this.feed.find(id)) this.goTo(this.feed.placeOf(id));
  }

  /** @param {"grid" | "one"} view */
  look(view) {
    if (view === this.view || (view === "one" && !this.current)) return;
    this.view = view;
    this.#tell("look");
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
    if (this.feed.hasOlder && place > this.feed.length - NEARLY_AT_THE_END) void this.feed.older().catch(() => {});
    if (this.feed.hasNewer && place < NEARLY_AT_THE_END / 3) void this.feed.newer().catch(() => {});
  }

  /** @param {string} what */
  #tell(what) {
    this.dispatchEvent(new Event(what));
  }
}
