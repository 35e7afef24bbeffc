/** Draws the picture and its layers into the window. Only changed parts are drawn again, once a frame. */

import { canvasOf, contextOf } from "./layer.js";
import { shared } from "./view.js";

/**
 * @typedef {import("./view.js").Rectangle} Rectangle
 * @typedef {import("./view.js").View} View
 * @typedef {{image: CanvasImageSource, area: Rectangle}} Part an image, and its area of the picture
 * @typedef {Object} Sheet something that lies on the stage, lowest first
 * @property {(area: Rectangle) => Part[]} parts those that reach into an area of the picture
 * @property {() => number} alpha
 * @property {() => number} [from] the part of the window's width, 0–1, from which on it is seen
 */

export class Stage {
  /** @type {Rectangle | null} in the window */
  #changed = null;

  /** @param {HTMLCanvasElement} canvas @param {View} view @param {Sheet[]} sheets */
  constructor(canvas, view, sheets) {
    this.canvas = canvas;
    this.view = view;
    this.sheets = sheets;
    this.brush = contextOf(canvas);
    view.addEventListener("change", () => this.redraw());
    new ResizeObserver(() => this.#resize()).observe(canvas);
    this.#resize();
  }

  redraw() {
    this.#change({ x: 0, y: 0, width: this.view.width, height: this.view.height });
  }

  /** @param {Rectangle} area of the picture */
  redrawArea(area) {
    const { x, y, width, height } = this.view.toWindow(area);
    this.#change({ x: x - 1, y: y - 1, width: width + 2, height: height + 2 });
  }

  #resize() {
    const { clientWidth, clientHeight } = this.canvas;
    if (!clientWidth || !clientHeight) return;
    this.density = Math.min(window.devicePixelRatio || 1, 2);
    this.canvas.width = clientWidth * this.density;
    this.canvas.height = clientHeight * this.density;
    this.view.resize(clientWidth, clientHeight);
    this.redraw();
  }

  /** @param {Rectangle} area of the window */
  #change(area) {
    if (!this.#changed) requestAnimationFrame(() => this.#drawChanged());
    this.#changed = this.#changed ? around(this.#changed, area) : area;
  }

  #drawChanged() {
    const { brush, density = 1 } = this;
    const changed = this.#changed ?? { x: 0, y: 0, width: 0, height: 0 };
    const window = shared(inWholePixels(changed, density), { x: 0, y: 0, ...sizeOf(this.view) });
    this.#changed = null;
    if (!window.width || !window.height) return;
    brush.setTransform(density, 0, 0, density, 0, 0);
    brush.save();
    brush.beginPath();
    brush.rect(window.x, window.y, window.width, window.height);
    brush.clip();
    brush.clearRect(window.x, window.y, window.width, window.height);
    for (const sheet of this.sheets) this.#lay(sheet, window);
    brush.restore();
  }

  /** @param {Sheet} sheet @param {Rectangle} window the part to draw again */
  #lay(sheet, window) {
    const { view, brush } = this;
    const left = Math.round((sheet.from?.() ?? 0) * view.width);
    const seen = shared(window, { x: left, y: 0, width: view.width - left, height: view.height });
    const alpha = sheet.alpha();
    if (!alpha || !seen.width || !seen.height) return;
    brush.save();
    brush.beginPath();
    brush.rect(seen.x, seen.y, seen.width, seen.height);
    brush.clip();
    brush.globalAlpha = alpha;
    brush.imageSmoothingEnabled = view.scale < 2;
    const area = { ...view.toPicture(seen), width: seen.width / view.scale, height: seen.height / view.scale };
    for (const part of sheet.parts(area)) this.#draw(part);
    brush.restore();
  }

  /** To whole pixels of the screen: parts that touch in the picture touch here, too. @param {Part} part */
  #draw({ image, area }) {
    const { density = 1 } = this;
    const { x, y, width, height } = this.view.toWindow(area);
    const [left, top, right, bottom] = [x, y, x + width, y + height].map(
      (edge) => Math.round(edge * density) / density,
    );
    this.brush.drawImage(image, left, top, right - left, bottom - top);
  }
}

/** @param {{width: number, height: number}} thing */
function sizeOf({ width, height }) {
  return { width, height };
}

/** @param {Rectangle} one @param {Rectangle} other */
function around(one, other) {
  const x = Math.min(one.x, other.x);
  const y = Math.min(one.y, other.y);
  const width = Math.max(one.x + one.width, other.x + other.width) - x;
  const height = Math.max(one.y + one.height, other.y + other.height) - y;
  return { x, y, width, height };
}

/**
 * An area that ends between two pixels of the screen would leave a line of half-drawn ones around it.
 * @param {Rectangle} area
 * @param {number} density
 */
function inWholePixels({ x, y, width, height }, density) {
  const [left, top] = [x, y].map((edge) => Math.floor(edge * density) / density);
  const [right, bottom] = [x + width, y + height].map((edge) => Math.ceil(edge * density) / density);
  return { x: left, y: top, width: right - left, height: bottom - top };
}

const SCALES = [0.5, 0.25];

export class Copies {
  /** @type {{scale: number, image: CanvasImageSource}[]} largest first */
  #copies;

  /** @param {ImageBitmap} picture */
  constructor(picture) {
    this.width = picture.width;
    this.height = picture.height;
    this.#copies = [{ scale: 1, image: picture }];
  }

  /** The smallest copy that is not coarser than the window. @param {number} scale */
  at(scale) {
    return (this.#copies.findLast((copy) => copy.scale >= scale) ?? this.#copies[0]).image;
  }

  /** Makes the smaller copies when nothing else is to do; until then the picture itself is drawn small. */
  prepare() {
    const scale = SCALES[this.#copies.length - 1];
    if (!scale) return;
    afterwards(() => {
      this.#copies.push({ scale, image: this.#halve() });
      this.prepare();
    });
  }

  #halve() {
    const larger = /** @type {{width: number, height: number} & CanvasImageSource} */ (this.#copies.at(-1)?.image);
    const copy = canvasOf(Math.max(1, larger.width >> 1), Math.max(1, larger.height >> 1));
    contextOf(copy).drawImage(larger, 0, 0, copy.width, copy.height);
    return copy;
  }
}

/** @param {() => void} work */
function afterwards(work) {
  if ("requestIdleCallback" in window) requestIdleCallback(work);
  else setTimeout(work);
}
