/** What a pointer, or the arrow keys, do on the stage: paint with a tool, move the picture, or pinch it. */

import { gettext } from "../../../garden/lib/i18n.js";
import { find } from "../../../garden/lib/page.js";
import { editor } from "./editor.js";
import { ARROWS, clamp } from "./geometry.js";
import { clipTo } from "./layer.js";
import { steps } from "./steps.js";

/** @import { Point, Rectangle } from "./geometry.js" */

const WHEEL_STEP = 1.0015;
/** @type {Record<string, string>} */
const STEPS = {
  brush: gettext("brush"),
  eraser: gettext("eraser"),
  pencil: gettext("pencil"),
  rubber: gettext("rubber"),
};
const NEAR = 4;
const FAR = 40;

/** A line of round dabs along the pointer's way, kept within the crop. */
class Stroke {
  /** @type {Point} */
  #last;

  /** @param {import("./layer.js").Layer} layer @param {{size: number, erase: boolean}} tip @param {Point} start */
  constructor(layer, tip, start) {
    this.layer = layer;
    this.tip = tip;
    this.within = editor.crop.area;
    this.#last = start;
    layer.begin();
    this.to(start);
  }

  /** @param {Point} point */
  to(point) {
    const { layer, tip, within } = this;
    const from = this.#last;
    this.#last = point;
    const draw = (/** @type {import("./layer.js").Brush} */ brush) => {
      clipTo(brush, within);
      brush.globalCompositeOperation = tip.erase ? "destination-out" : "source-over";
      brush.strokeStyle = layer.colour;
      brush.lineWidth = tip.size;
      brush.lineCap = "round";
      brush.lineJoin = "round";
      brush.beginPath();
      brush.moveTo(from.x, from.y);
      // A line of no length draws nothing in some browsers; a dab must always be seen.
      brush.lineTo(point.x + (from === point ? 0.01 : 0), point.y);
      brush.stroke();
    };
    layer.paint(areaAround(from, point, tip.size / 2 + 1), draw, { adds: !tip.erase });
  }
}

const { view, crop } = editor;
const stage = find("[data-stage]");
const ring = find("[data-ring]");
/** Fingers and pointers that are down, in the window. @type {Map<number, Point>} */
const down = new Map();
/** @type {Stroke | null} */
let stroke = null;
/** Where the keyboard's brush is, in the picture. */
let cursor = { x: 0, y: 0 };

stage.addEventListener("pointerdown", start);
stage.addEventListener("pointermove", move);
stage.addEventListener("pointerup", end);
stage.addEventListener("pointercancel", end);
stage.addEventListener("pointerleave", hideRing);
stage.addEventListener("wheel", turn, { passive: false });
stage.addEventListener("keydown", press);
editor.addEventListener("tool", hideRing);

/** @param {PointerEvent} event */
function start(event) {
  if (event.button > 1) return;
  stage.setPointerCapture(event.pointerId);
  const at = pointOf(event);
  down.set(event.pointerId, at);
  if (down.size > 1) endStroke();
  else if (event.button === 0 && !editor.holdsSpace) use(view.toPicture(at));
}

/** Takes the tool to a point of the picture; the hand does nothing yet. @param {Point} point */
function use(point) {
  if (editor.tool === "fill") void fill(point);
  else if (editor.tip) stroke = new Stroke(editor.layer, editor.tip, point);
}

/** @param {Point} point */
async function fill(point) {
  const { x, y, width, height } = crop.area;
  if (point.x < x || point.y < y || point.x >= x + width || point.y >= y + height) return;
  steps.keep(gettext("fill"), await editor.mask.flood(crop.area, point));
}

/** @param {PointerEvent} event */
function move(event) {
  const at = pointOf(event);
  showRing(view.toPicture(at));
  const before = down.get(event.pointerId);
  if (!before) return;
  if (down.size > 1) pinch(event.pointerId, before, at);
  else if (stroke) drawOn(event, stroke);
  else if (editor.tool !== "fill" || editor.holdsSpace || event.buttons === 4) {
    view.pan(at.x - before.x, at.y - before.y);
  }
  down.set(event.pointerId, at);
}

/** Through all points between two frames: a quick line is round. @param {PointerEvent} event @param {Stroke} line */
function drawOn(event, line) {
  const passed = event.getCoalescedEvents?.() ?? [];
  for (const one of passed.length ? passed : [event]) line.to(view.toPicture(pointOf(one)));
}

/** @param {PointerEvent} event */
function end(event) {
  down.delete(event.pointerId);
  endStroke();
}

function endStroke() {
  if (stroke) steps.keep(STEPS[editor.tool], stroke.layer.end());
  stroke = null;
}

/** @param {number} finger @param {Point} before @param {Point} at */
function pinch(finger, before, at) {
  const other = [...down].find(([id]) => id !== finger)?.[1];
  if (!other) return;
  const was = Math.hypot(before.x - other.x, before.y - other.y);
  const is = Math.hypot(at.x - other.x, at.y - other.y);
  if (was > 0) view.zoom((view.scale * is) / was, { x: (at.x + other.x) / 2, y: (at.y + other.y) / 2 });
  view.pan((at.x - before.x) / 2, (at.y - before.y) / 2);
}

/** @param {WheelEvent} event */
function turn(event) {
  event.preventDefault();
  if (event.ctrlKey || event.metaKey) view.zoom(view.scale * WHEEL_STEP ** -event.deltaY, pointOf(event));
  else view.pan(-event.deltaX, -event.deltaY);
}

/** Arrows lead the brush, Enter dabs: painting without a pointer. @param {KeyboardEvent} event */
function press(event) {
  const way = ARROWS[event.key];
  if (event.target !== stage || event.ctrlKey || event.metaKey || !(way || event.key === "Enter")) return;
  event.preventDefault();
  if (way) return moveCursor(way, event.shiftKey ? FAR : NEAR);
  use(cursor);
  endStroke();
}

/** @param {[number, number]} way @param {number} far */
function moveCursor([dx, dy], far) {
  const { x, y, width, height } = crop.area;
  const inside = cursor.x >= x && cursor.y >= y && cursor.x <= x + width && cursor.y <= y + height;
  const from = inside ? cursor : { x: x + width / 2, y: y + height / 2 };
  cursor = { x: clamp(from.x + dx * far, x, x + width), y: clamp(from.y + dy * far, y, y + height) };
  showRing(cursor);
}

/** @param {Point} at in the picture */
function showRing(at) {
  if (!editor.tip) return hideRing();
  ring.hidden = false;
  view.lay(ring, areaAround(at, at, editor.tip.size / 2));
}

function hideRing() {
  ring.hidden = true;
}

/** In the window. @param {MouseEvent} event */
function pointOf(event) {
  const { left, top } = stage.getBoundingClientRect();
  return { x: event.clientX - left, y: event.clientY - top };
}

/** @param {Point} one @param {Point} other @param {number} reach @returns {Rectangle} */
function areaAround(one, other, reach) {
  return {
    x: Math.min(one.x, other.x) - reach,
    y: Math.min(one.y, other.y) - reach,
    width: Math.abs(one.x - other.x) + 2 * reach,
    height: Math.abs(one.y - other.y) + 2 * reach,
  };
}
