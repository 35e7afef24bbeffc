/** How the picture lies under the window: its scale, and where its corner is. */

/**
 * @typedef {{x: number, y: number}} Point
 * @typedef {{x: number, y: number, width: number, height: number}} Rectangle
 */

export const SMALLEST = 0.25;
export const LARGEST = 4;
const MARGIN = 24;

export class View extends EventTarget {
  scale = 1;
  x = 0;
  y = 0;
  width = 1;
  height = 1;

  /** @param {{width: number, height: number}} picture in its own pixels */
  constructor(picture) {
    super();
    this.picture = picture;
  }

  /** @param {number} width of the window, in CSS pixels @param {number} height */
  resize(width, height) {
    this.width = width;
    this.height = height;
    this.#settle();
  }

  /** As large as the window allows, and 25 % at least. */
  fit() {
    const room = Math.min((this.width - MARGIN) / this.picture.width, (this.height - MARGIN) / this.picture.height);
    this.scale = clamp(room, SMALLEST, 1);
    this.x = (this.width - this.picture.width * this.scale) / 2;
    this.y = (this.height - this.picture.height * this.scale) / 2;
    this.#settle();
  }

  /**
   * The point under `at` stays where it is.
   * @param {number} scale
   * @param {Point} [at] in the window; its middle when it is left out
   */
  zoom(scale, at = { x: this.width / 2, y: this.height / 2 }) {
    const still = this.toPicture(at);
    this.scale = clamp(scale, SMALLEST, LARGEST);
    this.x = at.x - still.x * this.scale;
    this.y = at.y - still.y * this.scale;
    this.#settle();
  }

  /** @param {number} dx in CSS pixels @param {number} dy */
  pan(dx, dy) {
    this.x += dx;
    this.y += dy;
    this.#settle();
  }

  /** @param {Point} point in the window */
  toPicture({ x, y }) {
    return { x: (x - this.x) / this.scale, y: (y - this.y) / this.scale };
  }

  /** @param {Rectangle} area of the picture @returns {Rectangle} in the window */
  toWindow({ x, y, width, height }) {
    return {
      x: x * this.scale + this.x,
      y: y * this.scale + this.y,
      width: width * this.scale,
      height: height * this.scale,
    };
  }

  /** A small picture stays in the middle; of a large one a part is always seen. */
  #settle() {
    this.x = settled(this.x, this.picture.width * this.scale, this.width);
    this.y = settled(this.y, this.picture.height * this.scale, this.height);
    this.dispatchEvent(new Event("change"));
  }
}

/** @param {number} start @param {number} length @param {number} room */
function settled(start, length, room) {
  if (length <= room) return (room - length) / 2;
  return clamp(start, room - length - MARGIN, MARGIN);
}

/** @param {number} value @param {number} least @param {number} most */
export function clamp(value, least, most) {
  return Math.min(Math.max(value, least), most);
}

/**
 * What two rectangles share; without width or height when they share nothing.
 * @param {Rectangle} one
 * @param {Rectangle} other
 */
export function shared(one, other) {
  const x = Math.max(one.x, other.x);
  const y = Math.max(one.y, other.y);
  const width = Math.max(0, Math.min(one.x + one.width, other.x + other.width) - x);
  const height = Math.max(0, Math.min(one.y + one.height, other.y + other.height) - y);
  return { x, y, width, height };
}
