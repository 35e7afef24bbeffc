/** The mask: painted pixels are repainted. Whole-mask commands work within the crop. */

import { Layer, newBrush } from "./layer.js";

/** @import { Point, Rectangle } from "./geometry.js" */

export class Mask extends Layer {
  #worker = new Worker(new URL("./mask_worker.js", import.meta.url), { type: "module" });
  #asked = 0;

  /** @param {Rectangle} crop @param {GlobalCompositeOperation} [operation] `destination-out` clears, `xor` inverts */
  fill(crop, operation = "source-over") {
    return this.change(
      crop,
      (brush) => {
        brush.globalCompositeOperation = operation;
        brush.fillRect(crop.x, crop.y, crop.width, crop.height);
      },
      { adds: operation !== "destination-out" },
    );
  }

  /** @param {Rectangle} crop @param {number} pixels below zero shrinks */
  grow(crop, pixels) {
    return this.#work(crop, { work: "grow", pixels });
  }

  /** Fills the part around a point that paint encloses. @param {Rectangle} crop @param {Point} point */
  flood(crop, point) {
    return this.#work(crop, { work: "flood", x: point.x - crop.x, y: point.y - crop.y });
  }

  /** @param {Rectangle} crop @param {Record<string, unknown>} order */
  async #work(crop, order) {
    const { width, height } = crop;
    const image = new ImageData(width, height);
    const alpha = await this.#answer({ mask: this.alpha(crop), width, height, ...order });
    for (let at = 0; at < alpha.length; at++) image.data[4 * at + 3] = alpha[at];
    const brush = newBrush(width, height);
    brush.putImageData(image, 0, 0);
    brush.globalCompositeOperation = "source-in";
    brush.fillStyle = this.colour;
    brush.fillRect(0, 0, width, height);
    return this.change(crop, (layer) => {
      layer.clearRect(crop.x, crop.y, width, height);
      layer.drawImage(brush.canvas, crop.x, crop.y);
    });
  }

  /** @param {{mask: Uint8ClampedArray<ArrayBuffer>} & Record<string, unknown>} order @returns {Promise<Uint8ClampedArray>} */
  #answer(order) {
    const id = ++this.#asked;
    return new Promise((resolve) => {
      const listener = (/** @type {MessageEvent} */ { data }) => {
        if (data.id !== id) return;
        this.#worker.removeEventListener("message", listener);
        resolve(data.mask);
      };
      this.#worker.addEventListener("message", listener);
      this.#worker.postMessage({ id, ...order }, [order.mask.buffer]);
    });
  }
}
