/** The grid: only the tiles that can be seen exist. */

import { find } from "../../../garden/lib/page.js";
import { config } from "./config.js";
import { listing } from "./listing.js";
import { marks } from "./marks.js";
import { discardTile, makeTile, markTile } from "./tile.js";

/** @typedef {import("./config.js").Picture} Picture */

const GAP = 8;
const OVERSCAN_ROWS = 2;
/** Widths of tiles, px: none is wider than the chosen one, and none much narrower. */
const SIZES = [120, 200, 320, 480, 720];
const USUAL_SIZE = 320;
const NARROWEST = 0.69;
const SIZE_KEY = "curation.tile";
/** Height of a tile in widths of it; a list of both orientations gives each the same room. @type {Record<string, number>} */
const SHAPES = { landscape: 5 / 8, portrait: 8 / 5 };

class Grid {
  box = find(".grid");
  /** What covers the lower edge of the window. */
  #bar = find(".review-bar");
  #barHeight = 0;
  /** @type {Map<number, HTMLElement>} */
  #tiles = new Map();
  /** @type {HTMLElement | undefined} */
  #selected;
  /** Cells left empty before the first picture, so that newer ones push the others down and never sideways. */
  #empty = 0;
  #largest = SIZES.find((size) => String(size) === localStorage.getItem(SIZE_KEY)) ?? USUAL_SIZE;
  #shape = this.#layout();
  #isDue = false;
  #moved = false;

  constructor() {
    const resizes = new ResizeObserver(() => this.#measure());
    resizes.observe(this.box);
    resizes.observe(this.#bar);
    document.addEventListener("scroll", () => this.#soon(false), { passive: true });
    listing.addEventListener("start", () => this.#begin());
    listing.addEventListener("grown", (event) => this.#grow(/** @type {CustomEvent<number>} */ (event).detail));
    listing.addEventListener("move", () => this.#soon(true));
    listing.addEventListener("look", () => this.#soon(true));
    listing.addEventListener("change", (event) => {
      const pictures = /** @type {CustomEvent<Picture[]>} */ (event).detail;
      this.#update(pictures.map(({ id }) => id));
    });
    marks.addEventListener("change", (event) => this.#update(/** @type {CustomEvent<number[]>} */ (event).detail));
  }

  get columns() {
    return this.#shape.columns;
  }

  /** How many rows the window shows whole. */
  get rows() {
    return Math.max(1, Math.floor((window.innerHeight - this.#barHeight) / this.#shape.step));
  }

  /** Ids of the pictures whose tiles exist. */
  get shown() {
    return [...this.#tiles.keys()];
  }

  /** How far the current picture is from the upper edge of the window, px. */
  get offset() {
    return this.#row(listing.place) * this.#shape.step + this.#top;
  }

  /** Ids of the pictures whose tiles touch a part of the box. @param {DOMRect} part */
  idsWithin({ left, right, top, bottom }) {
    const { side, left: margin, step, columns } = this.#shape;
    const columnAt = (/** @type {number} */ x) => Math.floor((x - margin) / (side + GAP));
    const [first, last] = [Math.max(0, columnAt(left)), Math.min(columns - 1, columnAt(right))];
    const ids = [];
    for (let row = Math.max(0, Math.floor(top / step)); row <= Math.floor(bottom / step); row += 1) {
      for (let column = first; column <= last; column += 1) {
        const picture = listing.pictures[row * columns + column - this.#empty];
        if (picture && !picture.gone) ids.push(picture.id);
      }
    }
    return ids;
  }

  /** Larger (1) or smaller (-1) tiles; this browser remembers it. @param {number} by */
  zoom(by) {
    const next = Math.max(0, Math.min(SIZES.indexOf(this.#largest) + by, SIZES.length - 1));
    this.#largest = SIZES[next];
    localStorage.setItem(SIZE_KEY, String(this.#largest));
    this.#reshape();
  }

  /** Scroll until the current picture is there. @param {number} offset px */
  hold(offset) {
    scroll(this.offset - offset);
    this.#follow();
  }

  /** Where the grid begins, from the upper edge of the window, px; asking for it makes the browser lay the page out. */
  get #top() {
    return this.box.getBoundingClientRect().top;
  }

  /** The least scrolling that shows the current picture whole. */
  #follow() {
    this.#moved = false;
    const top = this.#top;
    const offset = this.#row(listing.place) * this.#shape.step + top;
    const lowest = window.innerHeight - this.#barHeight - GAP - this.#shape.height;
    const by = listing.view === "grid" ? offset - Math.max(GAP, Math.min(offset, lowest)) : 0;
    scroll(by);
    this.#draw(top - by);
  }

  #begin() {
    this.#empty = 0;
    for (const tile of this.#tiles.values()) discardTile(tile);
    this.#tiles.clear();
    this.#stretch();
  }

  /** @param {number} before how many pictures came in front of the others */
  #grow(before) {
    const first = this.#empty;
    this.#empty = (((first - before) % this.columns) + this.columns) % this.columns;
    this.#stretch();
    scroll(((this.#empty + before - first) / this.columns) * this.#shape.step);
    this.#draw();
  }

  /** Every page of pictures makes the box higher; only another width makes other tiles. */
  #measure() {
    const { offsetHeight } = this.#bar;
    if (offsetHeight !== this.#barHeight) document.body.style.setProperty("--bar-height", `${offsetHeight}px`);
    this.#barHeight = offsetHeight;
    if (this.box.clientWidth !== this.#shape.width) this.#reshape();
  }

  #reshape() {
    const { offset } = this;
    this.#shape = this.#layout();
    this.#begin();
    if (listing.view === "grid" && window.scrollY > 0) scroll(this.offset - offset);
    this.#follow();
  }

  /** As few columns as keep tiles within their largest width. */
  #layout() {
    const width = this.box.clientWidth;
    const sideOf = (/** @type {number} */ columns) => (width - (columns - 1) * GAP) / columns;
    let columns = Math.max(1, Math.ceil((width + GAP) / (this.#largest + GAP)));
    if (columns > 1 && sideOf(columns) < this.#largest * NARROWEST) columns -= 1;
    const side = Math.floor(Math.min(this.#largest, sideOf(columns)));
    const height = Math.round(side * (SHAPES[config.filter.orientation] ?? 1));
    const left = Math.floor((width - columns * (side + GAP) + GAP) / 2);
    return { width, columns, side, height, left, step: height + GAP };
  }

  /** @param {number[]} ids */
  #update(ids) {
    for (const id of ids) {
      const tile = this.#tiles.get(id);
      const picture = tile && listing.find(id);
      if (picture) this.#mark(tile, picture);
    }
  }

  /** @param {HTMLElement} tile @param {Picture} picture */
  #mark(tile, picture) {
    markTile(tile, picture);
    tile.setAttribute("aria-checked", String(marks.has(picture.id)));
  }

  /**
   * Once a frame, however fast keys and wheels come.
   * @param {boolean} moved whether the curator went to another picture, or only scrolled
   */
  #soon(moved) {
    this.#moved ||= moved;
    if (this.#isDue || listing.view !== "grid") return;
    this.#isDue = true;
    requestAnimationFrame(() => {
      this.#isDue = false;
      if (this.#moved) this.#follow();
      else this.#draw();
    });
  }

  #draw(top = this.#top) {
    const firstRow = Math.floor(-top / this.#shape.step) - OVERSCAN_ROWS;
    const endRow = Math.ceil((window.innerHeight - top) / this.#shape.step) + OVERSCAN_ROWS;
    const from = Math.max(0, firstRow * this.columns - this.#empty);
    const pictures = listing.pictures.slice(from, Math.max(0, endRow * this.columns - this.#empty));
    const ids = new Set(pictures.map((picture) => picture.id));
    for (const [id, tile] of this.#tiles) {
      if (ids.has(id)) continue;
      discardTile(tile);
      this.#tiles.delete(id);
    }
    for (const [step, picture] of pictures.entries()) this.#lay(picture, from + step);
    this.#select();
    listing.reachOut(from + pictures.length - 1);
  }

  /** @param {Picture} picture @param {number} place */
  #lay(picture, place) {
    const tile = this.#tiles.get(picture.id) ?? this.#add(picture);
    const cell = String(this.#empty + place);
    if (tile.dataset.cell === cell) return;
    tile.dataset.cell = cell;
    const { side, left, step, columns } = this.#shape;
    const x = left + ((this.#empty + place) % columns) * (side + GAP);
    tile.style.transform = `translate(${x}px, ${this.#row(place) * step}px)`;
  }

  /** @param {Picture} picture */
  #add(picture) {
    const tile = makeTile(picture);
    this.#mark(tile, picture);
    tile.style.width = `${this.#shape.side}px`;
    tile.style.height = `${this.#shape.height}px`;
    this.#tiles.set(picture.id, tile);
    this.box.append(tile);
    return tile;
  }

  #select() {
    const tile = this.#tiles.get(listing.current?.id ?? 0);
    if (tile === this.#selected) return;
    this.#selected?.setAttribute("aria-selected", "false");
    this.#selected = tile;
    tile?.setAttribute("aria-selected", "true");
    if (tile) this.box.setAttribute("aria-activedescendant", tile.id);
    else this.box.removeAttribute("aria-activedescendant");
  }

  /** @param {number} place */
  #row(place) {
    return Math.floor((this.#empty + place) / this.columns);
  }

  #stretch() {
    const { length } = listing.pictures;
    const rows = length === 0 ? 0 : this.#row(length - 1) + 1;
    this.box.style.height = `${rows * this.#shape.step}px`;
  }
}

/** @param {number} by px */
function scroll(by) {
  if (by !== 0) window.scrollBy({ top: by, behavior: "instant" });
}

export const grid = new Grid();
