/** The crop: the rectangle that is made anew. In whole pixels, at least 64 each way, within the picture. */

import { clamp } from "./view.js";

/** @typedef {import("./view.js").Rectangle} Rectangle */

export const LEAST = 64;

export class Crop extends EventTarget {
  /** @type {Rectangle} */
  #area;

  /** @param {{width: number, height: number}} picture */
  constructor(picture) {
    super();
    this.picture = picture;
    this.#area = { x: 0, y: 0, width: picture.width, height: picture.height };
  }

  get area() {
    return { ...this.#area };
  }

  /** @param {Rectangle} area brought into the picture, and to the least size, if it is not */
  set area(area) {
    const width = Math.round(clamp(area.width, Math.min(LEAST, this.picture.width), this.picture.width));
    const height = Math.round(clamp(area.height, Math.min(LEAST, this.picture.height), this.picture.height));
    const x = Math.round(clamp(area.x, 0, this.picture.width - width));
    const y = Math.round(clamp(area.y, 0, this.picture.height - height));
    this.#area = { x, y, width, height };
    this.dispatchEvent(new Event("change"));
  }
}

/**
 * The crop after one of its edges or corners was moved. The opposite side stays where it is.
 * @param {Rectangle} area
 * @param {string} handle letters of the sides it moves: `n`, `e`, `s`, `w`, as in `nw`; `move` moves all
 * @param {number} dx in the picture's pixels
 * @param {number} dy
 * @param {{width: number, height: number}} picture
 * @returns {Rectangle}
 */
export function dragged(area, handle, dx, dy, picture) {
  if (handle === "move") return { ...area, x: area.x + dx, y: area.y + dy };
  const sides = { left: area.x, top: area.y, right: area.x + area.width, bottom: area.y + area.height };
  if (handle.includes("w")) sides.left = clamp(sides.left + dx, 0, sides.right - LEAST);
  if (handle.includes("e")) sides.right = clamp(sides.right + dx, sides.left + LEAST, picture.width);
  if (handle.includes("n")) sides.top = clamp(sides.top + dy, 0, sides.bottom - LEAST);
  if (handle.includes("s")) sides.bottom = clamp(sides.bottom + dy, sides.top + LEAST, picture.height);
  return { x: sides.left, y: sides.top, width: sides.right - sides.left, height: sides.bottom - sides.top };
}

/**
 * The largest crop of a ratio around the same middle.
 * @param {Rectangle} area
 * @param {number} ratio width by height
 * @param {{width: number, height: number}} picture
 * @returns {Rectangle}
 */
export function inRatio(area, ratio, picture) {
  const wanted = Math.sqrt(area.width * area.height * ratio);
  const width = Math.max(LEAST, LEAST * ratio, Math.min(wanted, picture.width, picture.height * ratio));
  const height = width / ratio;
  const middle = { x: area.x + area.width / 2, y: area.y + area.height / 2 };
  return { x: middle.x - width / 2, y: middle.y - height / 2, width, height };
}
