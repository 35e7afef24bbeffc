/** The editor that a picture lies on: its view, its layers, the crop, and the tool in hand. */

import { find } from "../../../garden/lib/page.js";
import { config } from "./config.js";
import { Crop, View } from "./geometry.js";
import { Layer, Mask } from "./layer.js";
import { Stage } from "./stage.js";

/**
 * @typedef {"hand" | "brush" | "eraser" | "fill" | "pencil" | "rubber"} Tool
 * @typedef {"picture" | "mask" | "outline" | "result"} LayerName
 */

const MASK_ALPHA = 0.5;
const FADE_MS = 400;
const MASK_COLOUR = "#ff3d8b";
const OUTLINE_COLOUR = "#7df9ff";
export const SIZES = { least: 1, most: 150 };

class Editor extends EventTarget {
  /** @type {Tool} */
  tool = "brush";
  /** @type {Record<string, number>} diameter in the picture's pixels, of each tool that has one */
  sizes = { brush: 60, eraser: 60, pencil: 3, rubber: 12 };
  holdsSpace = false;
  shows = { picture: true, mask: true, outline: true, result: true };
  /** The picture that lies lowest: that before the version at the head. @type {import("./stage.js").Copies | null} */
  copies = null;
  /** @type {{image: OffscreenCanvas, area: import("./geometry.js").Rectangle, alpha: number} | null} */
  result = null;
  /** Position of the slider between before and after, 0–1. */
  split = 0;
  /** Whether the mask is still the one that was last sent. */
  sent = false;
  /** Whether only the picture before the version is shown. */
  peeks = false;
  /** How much of the mask is left while it fades, 1–0. */
  #fade = 1;

  /** @param {import("./geometry.js").Size} size of the picture @param {HTMLCanvasElement} canvas */
  constructor(size, canvas) {
    super();
    this.view = new View(size);
    this.crop = new Crop(size);
    this.mask = new Mask(size, MASK_COLOUR);
    this.outline = new Layer(size, OUTLINE_COLOUR);
    this.stage = new Stage(canvas, this.view, this.#sheets());
    this.mask.addEventListener("paint", () => {
      this.sent = false;
      if (!this.shows.mask) this.show("mask", true);
    });
    for (const layer of [this.mask, this.outline]) {
      layer.addEventListener("paint", (event) => {
        this.stage.redrawArea(/** @type {CustomEvent} */ (event).detail);
      });
    }
  }

  /** The layer that the tool paints on. */
  get layer() {
    return this.tool === "pencil" || this.tool === "rubber" ? this.outline : this.mask;
  }

  /** The tool's tip, or null for tools that draw no line. */
  get tip() {
    const size = this.sizes[this.tool];
    return size ? { size, erase: this.tool === "eraser" || this.tool === "rubber" } : null;
  }

  /** @param {Tool} tool */
  take(tool) {
    this.tool = tool;
    this.dispatchEvent(new Event("tool"));
  }

  /** @param {number} size */
  resizeTip(size) {
    if (!(this.tool in this.sizes)) return;
    this.sizes[this.tool] = Math.min(Math.max(Math.round(size), SIZES.least), SIZES.most);
    this.dispatchEvent(new Event("tool"));
  }

  /** @param {LayerName} layer @param {boolean} shown */
  show(layer, shown) {
    this.shows[layer] = shown;
    this.stage.redraw();
    this.dispatchEvent(new Event("layers"));
  }

  /** The mask of a finished result fades, unless the next one is being painted. */
  uncover() {
    const started = performance.now();
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const step = (/** @type {number} */ now) => {
      this.#fade = still ? 0 : 1 - (now - started) / FADE_MS;
      if (this.sent && this.#fade > 0) requestAnimationFrame(step);
      else {
        this.#fade = 1;
        if (this.sent) this.show("mask", false);
      }
      this.stage.redraw();
    };
    step(started);
  }

  /** Shows the picture before the version, and nothing else, as long as it is on. @param {boolean} on */
  peek(on) {
    if (on === this.peeks || (on && !this.result)) return;
    this.peeks = on;
    this.stage.redraw();
    this.dispatchEvent(new Event("peek"));
  }

  /** @returns {import("./stage.js").Sheet[]} */
  #sheets() {
    const whole = { x: 0, y: 0, ...this.view.picture };
    const on = (/** @type {LayerName} */ layer) => (this.shows[layer] && (layer === "picture" || !this.peeks) ? 1 : 0);
    return [
      {
        parts: () => (this.copies ? [{ image: this.copies.at(this.view.scale), area: whole }] : []),
        alpha: () => on("picture"),
      },
      {
        parts: () => (this.result ? [this.result] : []),
        alpha: () => on("result") * (this.result?.alpha ?? 0),
        from: () => this.split,
      },
      { parts: (area) => this.mask.parts(area), alpha: () => on("mask") * MASK_ALPHA * this.#fade },
      { parts: (area) => this.outline.parts(area), alpha: () => on("outline") },
    ];
  }
}

const { width, height } = config.canvas;
export const editor = new Editor({ width, height }, find("[data-canvas]"));
