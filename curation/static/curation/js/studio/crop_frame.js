/** The frame around the crop, its handles, and its numbers for those who would rather type. */

import { dragged, inRatio } from "./crop.js";
import { find, findAll, word } from "./given.js";

/**
 * @typedef {import("./crop.js").Crop} Crop
 * @typedef {import("./steps.js").Steps} Steps
 * @typedef {import("./view.js").View} View
 * @typedef {import("./view.js").Rectangle} Rectangle
 */

/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const FAR = 10;

export class CropFrame {
  /**
   * @param {Crop} crop
   * @param {View} view
   * @param {Steps} steps
   */
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

  /**
   * As one step that can be undone.
   * @param {Rectangle} area
   * @param {Rectangle} [before]
   * @param {string} [join]
   */
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
    this.steps.add({ name: word("step_crop"), undo, redo, join });
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
