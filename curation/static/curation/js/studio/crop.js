/** The crop: the rectangle to repaint; its frame with handles, and its numbers as fields. */

import { gettext } from "../../../garden/lib/i18n.js";
import { find, findAll } from "../../../garden/lib/page.js";
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

/** @import { Steps } from "./steps.js" */
/** @import { View } from "./view.js" */

/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const FAR = 10;

export class CropFrame {
  /** @param {Crop} crop @param {View} view @param {Steps} steps */
  constructor(crop, view, steps) {
    this.crop = crop;
    this.view = view;
    this.steps = steps;
    this.frame = find("[data-crop-frame]");
    crop.addEventListener("change", () => this.#show());
    view.addEventListener("change", () => this.#show());
    for (const handle of findAll("[data-handle]", this.frame)) this.#listen(handle);
    for (const input of findAll("[data-crop]")) input.addEventListener("change", () => this.#type());
    for (const button of findAll("[data-ratio]")) {
      button.addEventListener("click", () => this.change(this.#ofRatio(button.dataset.ratio ?? "")));
    }
    this.#show();
  }

  /** As one step that can be undone. @param {Rectangle} area @param {Rectangle} [before] @param {string} [join] */
  change(area, before = this.crop.area, join) {
    this.crop.area = area;
    const after = this.crop.area;
    if (Object.entries(after).every(([side, value]) => before[/** @type {keyof Rectangle} */ (side)] === value)) return;
    const undo = () => {
      this.crop.area = before;
    };
    const redo = () => {
      this.crop.area = after;
    };
    this.steps.add({ name: gettext("crop"), undo, redo, join });
  }

  /** @param {string} ratio as in `16:10`; empty is the whole picture */
  #ofRatio(ratio) {
    if (!ratio) return { x: 0, y: 0, ...this.crop.picture };
    const [width, height] = ratio.split(":").map(Number);
    return inRatio(this.crop.area, width / height, this.crop.picture);
  }

  /** @param {HTMLElement} handle */
  #listen(handle) {
    const sides = handle.dataset.handle ?? "move";
    handle.addEventListener("pointerdown", (down) => {
      if (down.button !== 0) return;
      down.preventDefault();
      down.stopPropagation();
      handle.focus({ preventScroll: true });
      handle.setPointerCapture(down.pointerId);
      const before = this.crop.area;
      const move = (/** @type {PointerEvent} */ event) => {
        const by = [event.clientX - down.clientX, event.clientY - down.clientY].map((way) => way / this.view.scale);
        this.crop.area = dragged(before, sides, by[0], by[1], this.crop.picture);
      };
      const end = () => {
        handle.removeEventListener("pointermove", move);
        this.change(this.crop.area, before);
      };
      handle.addEventListener("pointermove", move);
      handle.addEventListener("lostpointercapture", end, { once: true });
    });
    handle.addEventListener("keydown", (event) => {
      const way = ARROWS[event.key];
      if (!way) return;
      event.preventDefault();
      event.stopPropagation();
      const far = event.shiftKey ? FAR : 1;
      const area = dragged(this.crop.area, sides, way[0] * far, way[1] * far, this.crop.picture);
      this.change(area, undefined, `crop ${sides}`);
    });
  }

  #type() {
    const area = this.crop.area;
    for (const input of findAll("[data-crop]")) {
      const { value, dataset } = /** @type {HTMLInputElement} */ (input);
      if (value !== "") area[/** @type {keyof Rectangle} */ (dataset.crop)] = Number(value);
    }
    this.change(area);
    this.#show();
  }

  #show() {
    const { x, y, width, height } = this.view.toWindow(this.crop.area);
    Object.assign(this.frame.style, {
      transform: `translate(${x}px, ${y}px)`,
      width: `${width}px`,
      height: `${height}px`,
    });
    const area = this.crop.area;
    for (const input of findAll("[data-crop]")) {
      /** @type {HTMLInputElement} */ (input).value = String(area[/** @type {keyof Rectangle} */ (input.dataset.crop)]);
    }
  }
}
