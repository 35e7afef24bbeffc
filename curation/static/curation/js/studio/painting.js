/** What a pointer on the stage does: paints with a tool, moves the picture, or pinches it. */

import { gettext } from "../../../garden/lib/i18n.js";
import { find } from "../../../garden/lib/page.js";
import { Stroke } from "./brush.js";

/** @import { Editor } from "./editor.js" */
/** @import { Point } from "./view.js" */

const WHEEL_STEP = 1.0015;
/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
/** @type {Record<string, string>} */
const STEPS = {
  brush: gettext("brush"),
  eraser: gettext("eraser"),
  pencil: gettext("pencil"),
  rubber: gettext("rubber"),
};
const NEAR = 4;
const FAR = 40;

export class Painting {
  /** @type {Map<number, Point>} fingers and pointers that are down, in the window */
  #down = new Map();
  /** @type {Stroke | null} */
  #stroke = null;
  /** @type {Point} where the keyboard's brush is, in the picture */
  #cursor = { x: 0, y: 0 };

  /** @param {Editor} editor */
  constructor(editor) {
    this.editor = editor;
    this.room = find("[data-stage]");
    this.ring = find("[data-ring]");
    this.room.addEventListener("pointerdown", (event) => this.#start(event));
    this.room.addEventListener("pointermove", (event) => this.#move(event));
    for (const kind of /** @type {const} */ (["pointerup", "pointercancel"])) {
      this.room.addEventListener(kind, (event) => this.#end(event));
    }
    this.room.addEventListener("pointerleave", () => this.#hideRing());
    this.room.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    this.room.addEventListener("keydown", (event) => this.#key(event));
    editor.addEventListener("tool", () => this.#hideRing());
  }

  /** @param {PointerEvent} event */
  #start(event) {
    if (event.button > 1) return;
    this.room.setPointerCapture(event.pointerId);
    const at = this.#place(event);
    this.#down.set(event.pointerId, at);
    if (this.#down.size > 1) return this.#leaveStroke();
    const paints = event.button === 0 && !this.editor.holdsSpace;
    if (!paints || !this.editor.tip) return this.#useOnce(event, at);
    this.#stroke = new Stroke(
      this.editor.layer,
      this.editor.tip,
      this.editor.crop.area,
      this.editor.view.toPicture(at),
    );
  }

  /** Tools that act on a point; the hand does nothing yet. @param {PointerEvent} event @param {Point} at */
  #useOnce(event, at) {
    if (event.button === 0 && this.editor.tool === "fill" && !this.editor.holdsSpace) {
      void this.editor.fillAt(this.editor.view.toPicture(at));
    }
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const at = this.#place(event);
    this.#showRing(this.editor.view.toPicture(at));
    const before = this.#down.get(event.pointerId);
    if (!before) return;
    if (this.#down.size > 1) this.#pinch(event.pointerId, at);
    else if (this.#stroke) this.#follow(event);
    else if (this.editor.tool !== "fill" || this.editor.holdsSpace || event.buttons === 4) {
      this.editor.view.pan(at.x - before.x, at.y - before.y);
    }
    this.#down.set(event.pointerId, at);
  }

  /** Every place the pointer passed between two frames, so that a quick line is round. @param {PointerEvent} event */
  #follow(event) {
    const passed = event.getCoalescedEvents?.() ?? [];
    for (const one of passed.length ? passed : [event]) this.#stroke?.to(this.editor.view.toPicture(this.#place(one)));
  }

  /** @param {PointerEvent} event */
  #end(event) {
    this.#down.delete(event.pointerId);
    this.#leaveStroke();
  }

  #leaveStroke() {
    const done = this.#stroke?.end();
    this.#stroke = null;
    if (done) this.editor.steps.add({ name: STEPS[this.editor.tool], ...done });
  }

  /** @param {number} finger @param {Point} at */
  #pinch(finger, at) {
    const before = this.#down.get(finger);
    const other = [...this.#down].find(([id]) => id !== finger)?.[1];
    if (!before || !other) return;
    const was = Math.hypot(before.x - other.x, before.y - other.y);
    const is = Math.hypot(at.x - other.x, at.y - other.y);
    const middle = { x: (at.x + other.x) / 2, y: (at.y + other.y) / 2 };
    if (was > 0) this.editor.view.zoom((this.editor.view.scale * is) / was, middle);
    this.editor.view.pan((at.x - before.x) / 2, (at.y - before.y) / 2);
  }

  /** @param {WheelEvent} event */
  #wheel(event) {
    event.preventDefault();
    const { view } = this.editor;
    if (event.ctrlKey || event.metaKey) view.zoom(view.scale * WHEEL_STEP ** -event.deltaY, this.#place(event));
    else view.pan(-event.deltaX, -event.deltaY);
  }

  /** Arrows lead the brush, Enter dabs: painting without a pointer. @param {KeyboardEvent} event */
  #key(event) {
    const way = ARROWS[event.key];
    if (event.target !== this.room || event.ctrlKey || event.metaKey) return;
    if (way) {
      event.preventDefault();
      this.#lead(way, event.shiftKey ? FAR : NEAR);
    } else if (event.key === "Enter") {
      event.preventDefault();
      this.#dab();
    }
  }

  /** @param {[number, number]} way @param {number} far */
  #lead([dx, dy], far) {
    const { x, y, width, height } = this.editor.crop.area;
    const inside = this.#cursor.x >= x && this.#cursor.y >= y && this.#cursor.x <= x + width;
    const from = inside ? this.#cursor : { x: x + width / 2, y: y + height / 2 };
    this.#cursor = {
      x: Math.min(Math.max(from.x + dx * far, x), x + width),
      y: Math.min(Math.max(from.y + dy * far, y), y + height),
    };
    this.#showRing(this.#cursor);
  }

  #dab() {
    if (this.editor.tool === "fill") return void this.editor.fillAt(this.#cursor);
    if (!this.editor.tip) return;
    this.#stroke = new Stroke(this.editor.layer, this.editor.tip, this.editor.crop.area, this.#cursor);
    this.#leaveStroke();
  }

  /** @param {Point} at in the picture */
  #showRing(at) {
    const tip = this.editor.tip;
    if (!tip) return this.#hideRing();
    const size = tip.size;
    const place = this.editor.view.toWindow({ x: at.x - size / 2, y: at.y - size / 2, width: size, height: size });
    this.ring.hidden = false;
    Object.assign(this.ring.style, {
      transform: `translate(${place.x}px, ${place.y}px)`,
      width: `${place.width}px`,
      height: `${place.height}px`,
    });
  }

  #hideRing() {
    this.ring.hidden = true;
  }

  /** @param {MouseEvent} event */
  #place(event) {
    const { left, top } = this.room.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  }
}
