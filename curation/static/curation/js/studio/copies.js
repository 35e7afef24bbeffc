/** A picture, and smaller copies of it, so that a large one can be drawn small without a wait. */

import { canvasOf, contextOf } from "./layer.js";

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

  /**
   * The smallest copy that is not coarser than the window.
   * @param {number} scale
   */
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
