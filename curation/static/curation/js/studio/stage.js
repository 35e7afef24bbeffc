/** Draws the picture and its layers into the window. Only changed parts are drawn again, once a frame. */

import { inWholePixels, shared } from "./geometry.js";
import { clipTo, newBrush } from "./layer.js";

/**
 * @import { Rectangle, View } from "./geometry.js"
 * @typedef {{image: CanvasImageSource, area: Rectangle}} Part an image, and its area of the picture
 * @typedef {Object} Sheet something that lies on the stage, lowest first
 * @property {(area: Rectangle) => Part[]} parts those that reach into an area of the picture
 * @property {() => number} alpha
 * @property {() => number} [from] the part of the window's width, 0–1, from which on it is seen
 */

const HALVINGS = 2;
/** Safari has no other. */
const afterwards = window.requestIdleCallback ?? window.setTimeout;

export class Stage {
  density = 1;
  /** @type {Rectangle | null} in the window */
  #changed = null;

  /** @param {HTMLCanvasElement} canvas @param {View} view @param {Sheet[]} sheets */
  constructor(canvas, view, sheets) {
    this.canvas = canvas;
    this.view = view;
    this.sheets = sheets;
    this.brush = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    view.addEventListener("change", () => this.redraw());
    new ResizeObserver(() => this.#resize()).observe(canvas);
    this.#resize();
  }

  redraw() {
    this.#change(this.view.window);
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
  }

  /** @param {Rectangle} area of the window */
  #change(area) {
    if (!this.#changed) requestAnimationFrame(() => this.#drawChanged());
    this.#changed = this.#changed ? union(this.#changed, area) : area;
  }

  #drawChanged() {
    const { brush, density, view } = this;
    // Otherwise half-drawn pixels would lie around it.
    const window = shared(inWholePixels(this.#changed ?? view.window, density), view.window);
    this.#changed = null;
    if (!window.width || !window.height) return;
    brush.setTransform(density, 0, 0, density, 0, 0);
    brush.clearRect(window.x, window.y, window.width, window.height);
    for (const sheet of this.sheets) this.#lay(sheet, window);
  }

  /** @param {Sheet} sheet @param {Rectangle} window the part to draw again */
  #lay(sheet, window) {
    const { view, brush } = this;
    const left = Math.round((sheet.from?.() ?? 0) * view.width);
    const seen = shared(window, { ...view.window, x: left, width: view.width - left });
    const alpha = sheet.alpha();
    if (!alpha || !seen.width || !seen.height) return;
    brush.save();
    clipTo(brush, seen);
    brush.globalAlpha = alpha;
    brush.imageSmoothingEnabled = view.scale < 2;
    const area = { ...view.toPicture(seen), width: seen.width / view.scale, height: seen.height / view.scale };
    for (const part of sheet.parts(area)) this.#draw(part);
    brush.restore();
  }

  /** To whole pixels of the screen: parts that touch in the picture touch here, too. @param {Part} part */
  #draw({ image, area }) {
    const { x, y, width, height } = this.view.toWindow(area);
    const [left, top, right, bottom] = [x, y, x + width, y + height].map(
      (edge) => Math.round(edge * this.density) / this.density,
    );
    this.brush.drawImage(image, left, top, right - left, bottom - top);
  }
}

/** @param {Rectangle} one @param {Rectangle} other */
function union(one, other) {
  const x = Math.min(one.x, other.x);
  const y = Math.min(one.y, other.y);
  const width = Math.max(one.x + one.width, other.x + other.width) - x;
  const height = Math.max(one.y + one.height, other.y + other.height) - y;
  return { x, y, width, height };
}

/** A picture, and smaller copies of it, which are drawn sooner. */
export class Copies {
  /** @type {(ImageBitmap | OffscreenCanvas)[]} largest first, each half as wide as the one before */
  #copies;

  /** @param {ImageBitmap} picture */
  constructor(picture) {
    this.width = picture.width;
    this.height = picture.height;
    this.#copies = [picture];
  }

  /** The smallest copy that is not coarser than the window. @param {number} scale */
  at(scale) {
    return this.#copies.findLast((_, halvings) => 0.5 ** halvings >= scale) ?? this.#copies[0];
  }

  /** Makes the smaller copies when nothing else is to do; until then the picture itself is drawn small. */
  prepare() {
    if (this.#copies.length > HALVINGS) return;
    afterwards(() => {
      const larger = this.#copies[this.#copies.length - 1];
      const brush = newBrush(Math.max(1, larger.width >> 1), Math.max(1, larger.height >> 1));
      brush.drawImage(larger, 0, 0, brush.canvas.width, brush.canvas.height);
      this.#copies.push(brush.canvas);
      this.prepare();
    });
  }
}
