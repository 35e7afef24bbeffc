/** The grid: only the tiles that can be seen exist. */

import { config } from "./config.js";
import { checkTile, discardTile, makeTile, markTile } from "./tile.js";

/**
 * @typedef {import("./screen.js").ReviewScreen} ReviewScreen
 * @typedef {import("./picture_list.js").Picture} Picture
 */

const OVERSCAN_ROWS = 2;

export class Grid {
  /** @type {Map<number, HTMLElement>} */
  #tiles = new Map();
  /** Cells left empty before the first picture, so that newer ones push the others down and never sideways. */
  #empty = 0;
  #due = false;
  #moved = false;
  #barHeight = 0;
  #width = -1;
  #largest = SIZES.find((size) => String(size) === localStorage.getItem(SIZE)) ?? LARGEST;
  /** @type {HTMLElement | undefined} */
  #selected;

  /**
   * @param {ReviewScreen} screen
   * @param {HTMLElement} box
   * @param {HTMLElement} bar what covers the lower edge of the window
   */
  constructor(screen, box, bar) {
    this.screen = screen;
    this.box = box;
    this.bar = bar;
    this.shape = layout(box.clientWidth, config.filter.orientation ?? "", this.#largest);
    new ResizeObserver(() => this.#notice()).observe(box);
    new ResizeObserver(() => this.#measureBar()).observe(bar);
    document.addEventListener("scroll", () => this.#soon(false), { passive: true });
    screen.list.addEventListener("start", () => this.#begin());
    screen.list.addEventListener("grown", (event) => this.#grow(/** @type {CustomEvent<number>} */ (event).detail));
    for (const what of ["move", "look"]) screen.addEventListener(what, () => this.#soon(true));
    screen.addEventListener("change", (event) => this.#mark(/** @type {CustomEvent<Picture[]>} */ (event).detail));
    screen.marks.addEventListener("change", (event) =>
      this.#check(/** @type {CustomEvent<number[]>} */ (event).detail),
    );
  }

  get columns() {
    return this.shape.columns;
  }

  /** How many rows the window shows whole. */
  get rows() {
    return Math.max(1, Math.floor((window.innerHeight - this.#barHeight) / this.shape.step));
  }

  /** How far the current picture is from the upper edge of the window, px. */
  get offset() {
    return this.#row(this.screen.place) * this.shape.step + this.#top;
  }

  /**
   * Pictures whose tiles touch a part of the box.
   * @param {{left: number, right: number, top: number, bottom: number}} part px from the box's corner
   */
  idsWithin({ left, right, top, bottom }) {
    const { side, left: margin, step, columns } = this.shape;
    const columnAt = (/** @type {number} */ x) => Math.floor((x - margin) / (side + GAP));
    const [first, last] = [Math.max(0, columnAt(left)), Math.min(columns - 1, columnAt(right))];
    const ids = [];
    for (let row = Math.max(0, Math.floor(top / step)); row <= Math.floor(bottom / step); row += 1) {
      for (let column = first; column <= last; column += 1) {
        const picture = this.screen.list.pictures[row * columns + column - this.#empty];
        if (picture && !picture.gone) ids.push(picture.id);
      }
    }
    return ids;
  }

  /** Larger (1) or smaller (-1) tiles; this browser remembers it. @param {number} by */
  zoom(by) {
    const next = Math.max(0, Math.min(SIZES.indexOf(this.#largest) + by, SIZES.length - 1));
    this.#largest = SIZES[next];
    localStorage.setItem(SIZE, String(this.#largest));
    this.#reshape();
  }

  /** The pictures whose tiles exist. */
  get shown() {
    return [...this.#tiles.keys()];
  }

  /**
   * Scroll until the current picture is there.
   * @param {number} offset px
   */
  hold(offset) {
    scroll(this.offset - offset);
    this.#follow();
  }

  /** Where the grid begins, from the upper edge of the window, px; asking for it makes the browser lay the page out. */
  get #top() {
    return this.box.getBoundingClientRect().top;
  }

  #follow() {
    this.#moved = false;
    const top = this.#top;
    const by = this.screen.view === "grid" ? this.#missing(top) : 0;
    scroll(by);
    this.#draw(top - by);
    this.#selected?.setAttribute("aria-selected", "false");
    this.#selected = this.#tiles.get(this.screen.current?.id ?? 0);
    this.#selected?.setAttribute("aria-selected", "true");
    if (this.#selected) this.box.setAttribute("aria-activedescendant", this.#selected.id);
    else this.box.removeAttribute("aria-activedescendant");
  }

  /**
   * The least scrolling that shows the current picture whole.
   * @param {number} top
   */
  #missing(top) {
    const offset = this.#row(this.screen.place) * this.shape.step + top;
    const lowest = window.innerHeight - this.#barHeight - GAP - this.shape.height;
    return offset - Math.max(GAP, Math.min(offset, lowest));
  }

  #begin() {
    this.#empty = 0;
    this.#clear();
    this.#stretch();
  }

  /** @param {number} before how many pictures came in front of the others */
  #grow(before) {
    const first = this.#empty;
    this.#empty = (((first - before) % this.columns) + this.columns) % this.columns;
    this.#stretch();
    scroll(((this.#empty + before - first) / this.columns) * this.shape.step);
    this.#draw();
  }

  /** Every page of pictures makes the box higher; only another width makes other tiles. */
  #notice() {
    const { clientWidth } = this.box;
    if (clientWidth === this.#width) return;
    this.#width = clientWidth;
    this.#reshape();
  }

  /** It covers the lower edge of the window. */
  #measureBar() {
    this.#barHeight = this.bar.offsetHeight;
    document.body.style.setProperty("--bar-height", `${this.#barHeight}px`);
  }

  #reshape() {
    const { offset } = this;
    this.shape = layout(this.box.clientWidth, config.filter.orientation ?? "", this.#largest);
    this.#begin();
    if (this.screen.view === "grid" && window.scrollY > 0) scroll(this.offset - offset);
    this.#follow();
  }

  /** @param {Picture[]} pictures */
  #mark(pictures) {
    for (const picture of pictures) {
      const tile = this.#tiles.get(picture.id);
      if (tile) markTile(tile, picture);
    }
  }

  /** @param {number[]} ids */
  #check(ids) {
    for (const id of ids) {
      const tile = this.#tiles.get(id);
      if (tile) checkTile(tile, this.screen.marks.has(id));
    }
  }

  /**
   * Once a frame, however fast keys and wheels come.
   * @param {boolean} moved whether the curator went to another picture, or only scrolled
   */
  #soon(moved) {
    this.#moved ||= moved;
    if (this.#due || this.screen.view !== "grid") return;
    this.#due = true;
    requestAnimationFrame(() => {
      this.#due = false;
      if (this.#moved) this.#follow();
      else this.#draw();
    });
  }

  #draw(top = this.#top) {
    const [from, to] = this.#range(top);
    const wanted = this.screen.list.pictures.slice(from, to);
    const keep = new Set(wanted.map((picture) => picture.id));
    for (const [id, tile] of this.#tiles) {
      if (keep.has(id)) continue;
      discardTile(tile);
      this.#tiles.delete(id);
    }
    for (const [step, picture] of wanted.entries()) this.#lay(picture, from + step);
    this.screen.reachOut(Math.min(to, this.screen.list.length) - 1);
  }

  /**
   * @param {Picture} picture
   * @param {number} place
   */
  #lay(picture, place) {
    const tile = this.#tiles.get(picture.id) ?? this.#hang(picture);
    const cell = String(this.#empty + place);
    if (tile.dataset.cell === cell) return;
    tile.dataset.cell = cell;
    const { side, left, step, columns } = this.shape;
    const x = left + ((this.#empty + place) % columns) * (side + GAP);
    tile.style.transform = `translate(${x}px, ${this.#row(place) * step}px)`;
  }

  /** @param {Picture} picture */
  #hang(picture) {
    const tile = makeTile(picture);
    checkTile(tile, this.screen.marks.has(picture.id));
    tile.style.width = `${this.shape.side}px`;
    tile.style.height = `${this.shape.height}px`;
    if (picture.id === this.screen.current?.id) {
      tile.setAttribute("aria-selected", "true");
      this.#selected = tile;
    }
    this.#tiles.set(picture.id, tile);
    this.box.append(tile);
    return tile;
  }

  /** @param {number} top */
  #range(top) {
    const first = Math.floor(-top / this.shape.step) - OVERSCAN_ROWS;
    const last = Math.ceil((window.innerHeight - top) / this.shape.step) + OVERSCAN_ROWS;
    const placeOf = (/** @type {number} */ row) => Math.max(0, row * this.columns - this.#empty);
    return [placeOf(first), placeOf(last)];
  }

  /** @param {number} place */
  #row(place) {
    return Math.floor((this.#empty + place) / this.columns);
  }

  #stretch() {
    const rows = this.screen.list.length === 0 ? 0 : this.#row(this.screen.list.length - 1) + 1;
    this.box.style.height = `${rows * this.shape.step}px`;
  }

  #clear() {
    for (const tile of this.#tiles.values()) discardTile(tile);
    this.#tiles.clear();
  }
}

/** @param {number} by px */
function scroll(by) {
  if (by !== 0) window.scrollBy({ top: by, behavior: "instant" });
}

export const GAP = 8;
const LARGEST = 320;
/** Widths of tiles, px: none is wider, and none much narrower. */
const SIZES = [120, 200, LARGEST, 480, 720];
const NARROWEST = 0.69;
const SIZE = "curation.tile";
/** Height of a tile in widths of it; a list of both orientations gives each the same room. */
const SHAPES = { landscape: 5 / 8, portrait: 8 / 5 };

/**
 * As few columns as keep tiles within their largest width.
 * @param {number} width of the grid, px
 * @param {string} orientation of all pictures, or empty
 * @param {number} largest width of a tile, px
 */
export function layout(width, orientation, largest = LARGEST) {
  const fitting = Math.max(1, Math.ceil((width + GAP) / (largest + GAP)));
  const columns = fitting > 1 && sideOf(width, fitting) < largest * NARROWEST ? fitting - 1 : fitting;
  const side = Math.floor(Math.min(largest, sideOf(width, columns)));
  const shape = SHAPES[/** @type {"landscape" | "portrait"} */ (orientation)] ?? 1;
  const height = Math.round(side * shape);
  const left = Math.floor((width - columns * (side + GAP) + GAP) / 2);
  return { columns, side, height, left, step: height + GAP };
}

/**
 * @param {number} width
 * @param {number} columns
 */
function sideOf(width, columns) {
  return (width - (columns - 1) * GAP) / columns;
}
