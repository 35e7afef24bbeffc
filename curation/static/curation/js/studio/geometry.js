/** Where things are: areas of the picture, how it lies under the window, and the crop, which is the part to repaint. */

/**
 * @typedef {{x: number, y: number}} Point
 * @typedef {{width: number, height: number}} Size
 * @typedef {Point & Size} Rectangle
 */

export const LEAST = 64;
const SMALLEST = 0.25;
const LARGEST = 4;
const MARGIN = 24;
/** @type {Record<string, [number, number]>} */
export const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class View extends EventTarget {
  scale = 1;
  x = 0;
  y = 0;
  width = 1;
  height = 1;

  /** @param {Size} picture in its own pixels */
  constructor(picture) {
    super();
    this.picture = picture;
  }

  get window() {
    return { x: 0, y: 0, width: this.width, height: this.height };
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

  /** @param {number} scale @param {Point} [at] in the window, what stays where it is; its middle when it is left out */
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

  /** @param {Rectangle} area of the picture */
  toWindow({ x, y, width, height }) {
    const { scale } = this;
    return { x: x * scale + this.x, y: y * scale + this.y, width: width * scale, height: height * scale };
  }

  /** @param {HTMLElement} element that is shown over an area of the picture @param {Rectangle} area */
  lay(element, area) {
    const { x, y, width, height } = this.toWindow(area);
    const transform = `translate(${x}px, ${y}px)`;
    Object.assign(element.style, { transform, width: `${width}px`, height: `${height}px` });
  }

  /** A small picture stays in the middle; of a large one a part is always seen. */
  #settle() {
    this.x = settled(this.x, this.picture.width * this.scale, this.width);
    this.y = settled(this.y, this.picture.height * this.scale, this.height);
    this.dispatchEvent(new Event("change"));
  }
}

export class Crop extends EventTarget {
  /** @type {Rectangle} */
  #area;

  /** @param {Size} picture */
  constructor(picture) {
    super();
    this.picture = picture;
    this.#area = { x: 0, y: 0, ...picture };
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
 * @param {Size} picture
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

/** Of the same middle. @param {Rectangle} area @param {number} ratio width by height @param {Size} picture */
export function inRatio(area, ratio, picture) {
  const wanted = Math.sqrt(area.width * area.height * ratio);
  const width = Math.max(LEAST, LEAST * ratio, Math.min(wanted, picture.width, picture.height * ratio));
  const height = width / ratio;
  return { x: area.x + (area.width - width) / 2, y: area.y + (area.height - height) / 2, width, height };
}

/** @param {number} value @param {number} least @param {number} most */
export function clamp(value, least, most) {
  return Math.min(Math.max(value, least), most);
}

/** Without width or height when they share nothing. @param {Rectangle} one @param {Rectangle} other */
export function shared(one, other) {
  const x = Math.max(one.x, other.x);
  const y = Math.max(one.y, other.y);
  const width = Math.max(0, Math.min(one.x + one.width, other.x + other.width) - x);
  const height = Math.max(0, Math.min(one.y + one.height, other.y + other.height) - y);
  return { x, y, width, height };
}

/** All pixels that an area touches. @param {Rectangle} area @param {number} [density] of pixels */
export function inWholePixels({ x, y, width, height }, density = 1) {
  const [left, top] = [x, y].map((edge) => Math.floor(edge * density) / density);
  const [right, bottom] = [x + width, y + height].map((edge) => Math.ceil(edge * density) / density);
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** @param {number} start @param {number} length @param {number} room */
function settled(start, length, room) {
  if (length <= room) return (room - length) / 2;
  return clamp(start, room - length - MARGIN, MARGIN);
}
