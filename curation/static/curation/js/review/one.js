/** One picture as large as the window, in a dark room. */

import { Ahead } from "./ahead.js";
import { listenForSwipes } from "./swipe.js";
import { moodOf, sentenceOf, signOf, starsOf, verdictOf } from "./verdicts.js";
import { word } from "./words.js";

/** @typedef {import("./desk.js").Desk} Desk */

export class One {
  #ahead = new Ahead();
  #place = 0;

  /**
   * @param {Desk} desk
   * @param {HTMLElement} room
   */
  constructor(desk, room) {
    this.desk = desk;
    this.room = room;
    this.stage = /** @type {HTMLElement} */ (room.querySelector(".one-stage"));
    listenForSwipes(this.stage, (steps) => desk.move(steps));
    desk.addEventListener("look", () => this.#open(desk.view === "one"));
    desk.addEventListener("move", () => this.#show());
    desk.addEventListener("change", () => this.#tell());
    desk.marks.addEventListener("change", () => this.#tell());
  }

  /** @param {boolean} open */
  #open(open) {
    this.room.hidden = !open;
    document.body.classList.toggle("is-one", open);
    for (const element of document.querySelectorAll("[data-behind]")) element.toggleAttribute("inert", open);
    if (open) this.#show();
    else this.stage.replaceChildren();
  }

  #show() {
    const { current, place, view, feed } = this.desk;
    if (view !== "one" || !current) return;
    const way = place < this.#place ? -1 : 1;
    this.#place = place;
    const image = this.#ahead.imageOf(current.url);
    image.alt = sentenceOf(current);
    image.draggable = false;
    if (this.stage.firstElementChild !== image) this.stage.replaceChildren(image);
    this.#ahead.prepare(feed.pictures, place, way);
    this.#tell();
  }

  #tell() {
    const { current, view } = this.desk;
    if (view !== "one" || !current) return;
    this.room.dataset.verdict = verdictOf(current);
    const verdict = word(`verdict_${verdictOf(current) || "undecided"}`);
    const marked = this.desk.marks.has(current.id) ? `☑ ${word("marked_this")}` : "";
    const by = current.by ? word("by", { name: current.by }) : "";
    this.#write(".one-verdict", [signOf(current), verdict, starsOf(current), marked, by].filter(Boolean).join(" "));
    this.#write(".one-title", [`№ ${current.id}`, moodOf(current), word(current.orientation)].join(" · "));
    this.#write(".one-prompt", current.prompt || current.key);
    this.#write(".one-made", [current.model, `${current.width} × ${current.height}`].filter(Boolean).join(" · "));
  }

  /**
   * @param {string} part
   * @param {string} text
   */
  #write(part, text) {
    const element = /** @type {HTMLElement} */ (this.room.querySelector(part));
    if (element.textContent !== text) element.textContent = text;
  }
}
