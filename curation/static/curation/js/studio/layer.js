/**
 * A layer of paint over the picture, in the picture's own pixels. It lies in tiles: there are only those that were
 * painted on, a stroke touches a few, and can be taken back tile by tile.
 */

/** @typedef {import("./view.js").Rectangle} Rectangle */

import { clamp, shared } from "./view.js";

const TILE = 256;

export class Layer extends EventTarget {
  /** @type {Map<string, HTMLCanvasElement>} */
  #tiles = new Map();
  /** @type {Map<string, HTMLCanvasElement | null> | null} the tiles as they were before the stroke; null where none was */
  #before = null;

  /** @param {{width: number, height: number}} picture @param {string} colour CSS, of the paint */
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
   * @param {(brush: CanvasRenderingContext2D) => void} paint called for each tile, in the picture's pixels
   * @param {{adds?: boolean}} [how] what only takes paint away needs no new tiles
   */
  paint(area, paint, { adds = true } = {}) {
    const inside = this.#whole(area);
    for (const key of keysIn(inside)) {
      if (!adds && !this.#tiles.has(key)) continue;
      this.#keep(key);
      const brush = contextOf(this.#tile(key));
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

  /** The tiles that reach into an area, and where they lie. @param {Rectangle} area */
  parts(area) {
    return keysIn(this.#whole(area)).flatMap((key) => {
      const image = this.#tiles.get(key);
      return image ? [{ image, area: areaOf(key) }] : [];
    });
  }

  /** How strongly each pixel is painted, 0–255. @param {Rectangle} area */
  alpha(area) {
    const { data } = contextOf(this.#paper(area)).getImageData(0, 0, area.width, area.height);
    const alpha = new Uint8ClampedArray(area.width * area.height);
    for (let at = 0; at < alpha.length; at++) alpha[at] = data[4 * at + 3];
    return alpha;
  }

  /** @param {Rectangle} area */
  isEmpty(area) {
    return this.parts(area).every((part) => {
      const { x, y, width, height } = shared(part.area, area);
      const { data } = contextOf(part.image).getImageData(x - part.area.x, y - part.area.y, width, height);
      return data.every((value, at) => at % 4 !== 3 || value === 0);
    });
  }

  /**
   * An area as PNG, white where it is painted and black where it is not.
   * @param {Rectangle} area
   * @returns {Promise<Blob>}
   */
  async png(area) {
    const paper = this.#paper(area);
    const brush = contextOf(paper);
    brush.globalCompositeOperation = "source-in";
    brush.fillStyle = "#fff";
    brush.fillRect(0, 0, area.width, area.height);
    brush.globalCompositeOperation = "destination-over";
    brush.fillStyle = "#000";
    brush.fillRect(0, 0, area.width, area.height);
    return pngOf(paper);
  }

  /** @param {Rectangle} area */
  #paper(area) {
    const paper = canvasOf(area.width, area.height);
    const brush = contextOf(paper);
    for (const part of this.parts(area)) brush.drawImage(part.image, part.area.x - area.x, part.area.y - area.y);
    return paper;
  }

  /** @param {string} key */
  #tile(key) {
    const tile = this.#tiles.get(key) ?? canvasOf(TILE, TILE);
    this.#tiles.set(key, tile);
    return tile;
  }

  /** @param {string} key */
  #keep(key) {
    if (this.#before && !this.#before.has(key)) this.#before.set(key, copyOf(this.#tiles.get(key)));
  }

  /** @param {Map<string, HTMLCanvasElement | null>} tiles */
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
    const x = clamp(Math.floor(area.x), 0, this.width);
    const y = clamp(Math.floor(area.y), 0, this.height);
    const right = clamp(Math.ceil(area.x + area.width), 0, this.width);
    const bottom = clamp(Math.ceil(area.y + area.height), 0, this.height);
    return { x, y, width: right - x, height: bottom - y };
  }

  /** @param {Rectangle} area */
  #notify(area) {
    this.dispatchEvent(new CustomEvent("paint", { detail: area }));
  }
}

/** @param {number} width @param {number} height */
export function canvasOf(width, height) {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  return canvas;
}

/** @param {HTMLCanvasElement} canvas */
export function contextOf(canvas) {
  return /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
}

/** @param {HTMLCanvasElement | null | undefined} tile */
function copyOf(tile) {
  if (!tile) return null;
  const copy = canvasOf(TILE, TILE);
  contextOf(copy).drawImage(tile, 0, 0);
  return copy;
}

/** @param {Rectangle} area */
function keysIn({ x, y, width, height }) {
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

/** @param {HTMLCanvasElement} canvas @returns {Promise<Blob>} */
function pngOf(canvas) {
  return new Promise((resolve, reject) => {
    const listener = (/** @type {Blob | null} */ blob) =>
      blob ? resolve(blob) : reject(new Error("This browser cannot hold the layer."));
    canvas.toBlob(listener, "image/png");
  });
}
