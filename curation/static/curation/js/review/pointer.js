/** Pointing at tiles: with a finger or the mouse at one, or with the mouse by a frame that is drawn over many. */

import { element } from "../../../garden/lib/page.js";
import { grid } from "./grid.js";
import { listing } from "./listing.js";
import { marks } from "./marks.js";

const FAR_ENOUGH_PX = 8;
const { box } = grid;
const frame = element("div", "", "grid-frame");
let byMouse = true;
/** Where the frame began, within the box. @type {{x: number, y: number, marked: number[]} | null} */
let start = null;
/** Where the pointer is now, within the window. */
let pointer = { x: 0, y: 0 };

box.addEventListener("click", (event) => {
  const target = /** @type {HTMLElement} */ (event.target);
  const tile = /** @type {HTMLElement | null} */ (target.closest(".tile"));
  if (!tile) return;
  listing.goToPicture(Number(tile.dataset.id));
  if (target.closest(".tile-mark") || event.ctrlKey || event.metaKey) marks.toggle();
  else if (event.shiftKey) marks.reach();
  else if (!byMouse) listing.look("one");
});
box.addEventListener("dblclick", (event) => {
  const target = /** @type {HTMLElement} */ (event.target);
  if (target.closest(".tile") && !target.closest(".tile-mark")) listing.look("one");
});
box.addEventListener("pointerdown", (event) => {
  byMouse = event.pointerType === "mouse";
  if (!byMouse || event.button !== 0) return;
  pointer = { x: event.clientX, y: event.clientY };
  start = { ...withinBox(), marked: marks.all };
});
box.addEventListener("pointermove", (event) => {
  if (!start) return;
  pointer = { x: event.clientX, y: event.clientY };
  drawFrame();
  if (frame.isConnected) box.setPointerCapture(event.pointerId);
});
document.addEventListener("scroll", drawFrame, { passive: true });
box.addEventListener("pointerup", endFrame);
box.addEventListener("pointercancel", endFrame);

function withinBox() {
  const { left, top } = box.getBoundingClientRect();
  return { x: pointer.x - left, y: pointer.y - top };
}

function drawFrame() {
  if (!start) return;
  const { x, y } = withinBox();
  const { left, top, width, height } = new DOMRect(start.x, start.y, x - start.x, y - start.y);
  const part = new DOMRect(left, top, Math.abs(width), Math.abs(height));
  if (!frame.isConnected && Math.max(part.width, part.height) < FAR_ENOUGH_PX) return;
  if (!frame.isConnected) box.append(frame);
  frame.style.cssText = `left:${part.left}px;top:${part.top}px;width:${part.width}px;height:${part.height}px`;
  marks.set([...start.marked, ...grid.idsWithin(part)]);
}

function endFrame() {
  start = null;
  frame.remove();
}
