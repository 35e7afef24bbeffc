/** One picture as large as the window, in a dark room. */

import { gettext } from "../../../garden/lib/i18n.js";
import { setText } from "../../../garden/lib/page.js";
import { labelOf, moodOf, sentenceOf, signOf, starsOf, verdictOf } from "./tile.js";

/** @typedef {import("./screen.js").ReviewScreen} ReviewScreen */

export class One {
  #ahead = new Ahead();
  #place = 0;

  /**
   * @param {ReviewScreen} screen
   * @param {HTMLElement} room
   */
  constructor(screen, room) {
    this.screen = screen;
    this.room = room;
    this.stage = /** @type {HTMLElement} */ (room.querySelector(".one-stage"));
    listenForSwipes(this.stage, (steps) => screen.move(steps));
    screen.addEventListener("look", () => this.#open(screen.view === "one"));
    screen.addEventListener("move", () => this.#show());
    screen.addEventListener("change", () => this.#notify());
    screen.marks.addEventListener("change", () => this.#notify());
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
    const { current, place, view, list } = this.screen;
    if (view !== "one" || !current) return;
    const way = place < this.#place ? -1 : 1;
    this.#place = place;
    const image = this.#ahead.imageOf(current.url);
    image.alt = sentenceOf(current);
    image.draggable = false;
    if (this.stage.firstElementChild !== image) this.stage.replaceChildren(image);
    this.#ahead.prepare(list.pictures, place, way);
    this.#notify();
  }

  #notify() {
    const { current, view } = this.screen;
    if (view !== "one" || !current) return;
    this.room.dataset.verdict = verdictOf(current);
    const verdict = labelOf(verdictOf(current) || "undecided");
    const marked = this.screen.marks.has(current.id) ? `☑ ${gettext("marked")}` : "";
    const by = current.by ? gettext("decided by {name}", { name: current.by }) : "";
    this.#write(".one-verdict", [signOf(current), verdict, starsOf(current), marked, by].filter(Boolean).join(" "));
    this.#write(".one-title", [`№ ${current.id}`, moodOf(current), labelOf(current.orientation)].join(" · "));
    this.#write(".one-prompt", current.prompt || current.key);
    this.#write(".one-made", [current.model, `${current.width} × ${current.height}`].filter(Boolean).join(" · "));
  }

  /**
   * @param {string} part
   * @param {string} text
   */
  #write(part, text) {
    const element = /** @type {HTMLElement} */ (this.room.querySelector(part));
    setText(element, text);
  }
}

/** @typedef {import("./picture_list.js").Picture} Picture */

export const AHEAD = 6;
const BEHIND = 2;

export class Ahead {
  /** @type {Map<string, HTMLImageElement>} */
  #images = new Map();

  /**
   * @param {Picture[]} pictures
   * @param {number} place
   * @param {1 | -1} way where the curator is going
   */
  prepare(pictures, place, way) {
    const [back, on] = way > 0 ? [BEHIND, AHEAD] : [AHEAD, BEHIND];
    const wanted = pictures.slice(Math.max(0, place - back), place + on + 1).map((picture) => picture.url);
    const nearest = pictures[place]?.url;
    for (const [url, image] of this.#images) if (!wanted.includes(url)) this.#forget(url, image);
    if (nearest) this.imageOf(nearest);
    for (const url of way > 0 ? wanted : wanted.reverse()) this.imageOf(url);
  }

  /** @param {string} url */
  imageOf(url) {
    const known = this.#images.get(url);
    if (known) return known;
    const image = new Image();
    image.src = url;
    image.decode().catch(() => {});
    this.#images.set(url, image);
    return image;
  }

  /**
   * @param {string} url
   * @param {HTMLImageElement} image
   */
  #forget(url, image) {
    if (!image.complete) image.removeAttribute("src");
    this.#images.delete(url);
  }
}

const FAR_ENOUGH_PX = 50;

/**
 * A swipe to the left goes on, one to the right goes back.
 * @param {HTMLElement} area
 * @param {(steps: 1 | -1) => void} onSwipe
 */
export function listenForSwipes(area, onSwipe) {
  let from = /** @type {{x: number, y: number} | null} */ (null);
  area.addEventListener("pointerdown", (event) => {
    from = event.isPrimary ? { x: event.clientX, y: event.clientY } : null;
  });
  area.addEventListener("pointercancel", () => {
    from = null;
  });
  area.addEventListener("pointerup", (event) => {
    if (!from) return;
    const across = event.clientX - from.x;
    const along = event.clientY - from.y;
    from = null;
    if (Math.abs(across) > FAR_ENOUGH_PX && Math.abs(across) > 1.5 * Math.abs(along)) onSwipe(across < 0 ? 1 : -1);
  });
}
