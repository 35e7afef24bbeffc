/** The mask: painted pixels are repainted. Whole-mask commands work within the crop. */

import { clipTo } from "./brush.js";
import { canvasOf, contextOf, Layer } from "./layer.js";

/** @import { Point, Rectangle } from "./view.js" */

export class Mask extends Layer {
  #worker = new Worker(new URL("./mask_worker.js", import.meta.url), { type: "module" });
  #asked = 0;

  /** @param {Rectangle} crop */
  clear(crop) {
    const clear = (/** @type {CanvasRenderingContext2D} */ brush) =>
      brush.clearRect(crop.x, crop.y, crop.width, crop.height);
    return this.#whole(crop, clear, { adds: false });
  }

  /** @param {Rectangle} crop */
  fillAll(crop) {
    return this.#whole(crop, (brush) => brush.fillRect(crop.x, crop.y, crop.width, crop.height));
  }

  /** @param {Rectangle} crop */
  invert(crop) {
    return this.#whole(crop, (brush) => {
      // Paint where there is none, and none where there is paint.
      brush.globalCompositeOperation = "xor";
      brush.fillRect(crop.x, crop.y, crop.width, crop.height);
    });
  }

  /** @param {Rectangle} crop @param {number} pixels below zero shrinks */
  async grow(crop, pixels) {
    return this.#replace(crop, await this.#work(crop, { work: "grow", pixels }));
  }

  /** Fills the part around a point that paint encloses. @param {Rectangle} crop @param {Point} point */
  async flood(crop, point) {
    return this.#replace(crop, await this.#work(crop, { work: "flood", x: point.x - crop.x, y: point.y - crop.y }));
  }

  /**
   * @param {Rectangle} crop
   * @param {(brush: CanvasRenderingContext2D) => void} paint
   * @param {{adds?: boolean}} [how]
   */
  #whole(crop, paint, how) {
    this.begin();
    const painting = (/** @type {CanvasRenderingContext2D} */ brush) => {
      clipTo(brush, crop);
      brush.fillStyle = this.colour;
      paint(brush);
    };
    this.paint(crop, painting, how);
    return this.end();
  }

  /** @param {Rectangle} crop @param {Uint8ClampedArray} alpha */
  #replace(crop, alpha) {
    const paper = canvasOf(crop.width, crop.height);
    const image = new ImageData(crop.width, crop.height);
    for (let at = 0; at < alpha.length; at++) image.data[4 * at + 3] = alpha[at];
    const brush = contextOf(paper);
    brush.putImageData(image, 0, 0);
    brush.globalCompositeOperation = "source-in";
    brush.fillStyle = this.colour;
    brush.fillRect(0, 0, crop.width, crop.height);
    return this.#whole(crop, (layer) => {
      layer.clearRect(crop.x, crop.y, crop.width, crop.height);
      layer.drawImage(paper, crop.x, crop.y);
    });
  }

  /** @param {Rectangle} crop @param {Record<string, unknown>} order @returns {Promise<Uint8ClampedArray>} */
  #work(crop, order) {
    const id = ++this.#asked;
    const mask = this.alpha(crop);
    return new Promise((resolve) => {
      const listener = (/** @type {MessageEvent} */ { data }) => {
        if (data.id !== id) return;
        this.#worker.removeEventListener("message", listener);
        resolve(data.mask);
      };
      this.#worker.addEventListener("message", listener);
      this.#worker.postMessage({ id, mask, width: crop.width, height: crop.height, ...order }, [mask.buffer]);
    });
  }
}
