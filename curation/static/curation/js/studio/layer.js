/**
 * A layer of paint over the picture, in the picture's own pixels. It lies in tiles: there are only those that were
 * painted on, a stroke touches a few, and can be taken back tile by tile.
 */

import { inWholePixels, shared } from "./geometry.js";

/** @import { Point, Rectangle, Size } from "./geometry.js" */
/** @typedef {OffscreenCanvasRenderingContext2D} Brush */

const TILE = 256;

export class Layer extends EventTarget {
  /** @type {Map<string, Brush>} */
  #tiles = new Map();
  /** @type {Map<string, Brush | null> | null} the tiles as they were before the stroke; null where none was */
  #before = null;

  /** @param {Size} picture @param {string} colour CSS, of the paint */
  constructor({ width, height }, colour) {
    super();
    this.width = width;
    this.height = height;
    this.colour = colour;
  }

  /** From here on every tile is kept before it is painted over. */
  begin() {
    this.#before = new Map();
  }

  /**
   * Paints within an area; the listeners of the layer receive the area.
   * @param {Rectangle} area
   * @param {(brush: Brush) => void} paint called for each tile, in the picture's pixels
   * @param {{adds?: boolean}} [how] what only takes paint away needs no new tiles
   */
  paint(area, paint, { adds = true } = {}) {
    const inside = this.#whole(area);
    for (const key of keysIn(inside)) {
      if (!adds && !this.#tiles.has(key)) continue;
      if (this.#before?.has(key) === false) this.#before.set(key, copyOf(this.#tiles.get(key)));
      const brush = this.#tiles.get(key) ?? newBrush(TILE, TILE);
      this.#tiles.set(key, brush);
      const { x, y } = areaOf(key);
      brush.save();
      brush.translate(-x, -y);
      paint(brush);
      brush.restore();
    }
    this.#notify(inside);
  }

  /** The stroke is over. @returns {{undo: () => void, redo: () => void} | null} null when nothing was painted */
  end() {
    const before = this.#before;
    this.#before = null;
    if (!before?.size) return null;
    const after = new Map([...before.keys()].map((key) => [key, copyOf(this.#tiles.get(key))]));
    return { undo: () => this.#put(before), redo: () => this.#put(after) };
  }

  /**
   * Paints an area, and nothing beyond it, as a stroke of its own.
   * @param {Rectangle} area
   * @param {(brush: Brush) => void} paint
   * @param {{adds?: boolean}} [how]
   */
  change(area, paint, how) {
    this.begin();
    const within = (/** @type {Brush} */ brush) => {
      clipTo(brush, area);
      brush.fillStyle = this.colour;
      paint(brush);
    };
    this.paint(area, within, how);
    return this.end();
  }

  /** The tiles that reach into an area, and where they lie. @param {Rectangle} area */
  parts(area) {
    return keysIn(this.#whole(area)).flatMap((key) => {
      const brush = this.#tiles.get(key);
      return brush ? [{ image: brush.canvas, area: areaOf(key) }] : [];
    });
  }

  /** How strongly each pixel is painted, 0–255. @param {Rectangle} area */
  alpha(area) {
    const { data } = this.#paper(area).getImageData(0, 0, area.width, area.height);
    const alpha = new Uint8ClampedArray(area.width * area.height);
    for (let at = 0; at < alpha.length; at++) alpha[at] = data[4 * at + 3];
    return alpha;
  }

  /** @param {Rectangle} area */
  isEmpty(area) {
    return this.parts(area).length === 0 || this.alpha(area).every((value) => value === 0);
  }

  /** An area as PNG, white where it is painted and black where it is not. @param {Rectangle} area */
  png(area) {
    const brush = this.#paper(area);
    brush.globalCompositeOperation = "source-in";
    brush.fillStyle = "#fff";
    brush.fillRect(0, 0, area.width, area.height);
    brush.globalCompositeOperation = "destination-over";
    brush.fillStyle = "#000";
    brush.fillRect(0, 0, area.width, area.height);
    return brush.canvas.convertToBlob();
  }

  /** @param {Rectangle} area */
  #paper(area) {
    const brush = newBrush(area.width, area.height);
    for (const part of this.parts(area)) brush.drawImage(part.image, part.area.x - area.x, part.area.y - area.y);
    return brush;
  }

  /** @param {Map<string, Brush | null>} tiles */
  #put(tiles) {
    for (const [key, tile] of tiles) {
      const copy = copyOf(tile);
      if (copy) this.#tiles.set(key, copy);
      else this.#tiles.delete(key);
      this.#notify(areaOf(key));
    }
  }

  /** An area in whole pixels, within the layer. @param {Rectangle} area */
  #whole(area) {
    return shared(inWholePixels(area), { x: 0, y: 0, width: this.width, height: this.height });
  }

  /** @param {Rectangle} area */
  #notify(area) {
    this.dispatchEvent(new CustomEvent("paint", { detail: area }));
  }
}

/** Painted pixels are repainted. Commands for the whole of it work within the crop. */
export class Mask extends Layer {
  #worker = new Worker(new URL("./mask_worker.js", import.meta.url), { type: "module" });

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
    const { port1, port2 } = new MessageChannel();
    this.#worker.postMessage(order, [port2, order.mask.buffer]);
    return new Promise((resolve) => {
      port1.onmessage = ({ data }) => resolve(data);
    });
  }
}

/** On a clear canvas of its own. @param {number} width @param {number} height */
export function newBrush(width, height) {
  return /** @type {Brush} */ (new OffscreenCanvas(width, height).getContext("2d"));
}

/** @param {CanvasRenderingContext2D | Brush} brush @param {Rectangle} area */
export function clipTo(brush, { x, y, width, height }) {
  brush.beginPath();
  brush.rect(x, y, width, height);
  brush.clip();
}

/** On a grey image, as opaque as that is bright; what is drawn there colours it. @param {ImageBitmap} grey */
export function brushWithin(grey) {
  const { width, height } = grey;
  const brush = newBrush(width, height);
  brush.drawImage(grey, 0, 0);
  const image = brush.getImageData(0, 0, width, height);
  for (let at = 0; at < image.data.length; at += 4) image.data[at + 3] = image.data[at];
  brush.putImageData(image, 0, 0);
  brush.globalCompositeOperation = "source-in";
  return brush;
}

/** @param {Brush | null | undefined} tile */
function copyOf(tile) {
  if (!tile) return null;
  const copy = newBrush(TILE, TILE);
  copy.drawImage(tile.canvas, 0, 0);
  return copy;
}

/** @param {Rectangle} area */
function keysIn({ x, y, width, height }) {
  if (!width || !height) return [];
  const keys = [];
  for (let top = Math.floor(y / TILE); top * TILE < y + height; top++) {
    for (let left = Math.floor(x / TILE); left * TILE < x + width; left++) keys.push(`${left},${top}`);
  }
  return keys;
}

/** @param {string} key */
function areaOf(key) {
  const [left, top] = key.split(",").map(Number);
  return { x: left * TILE, y: top * TILE, width: TILE, height: TILE };
}
