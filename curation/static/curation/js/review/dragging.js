/** Marking by a rectangle that is drawn with the mouse over the grid. */

import { element } from "../../../garden/lib/page.js";

const FAR_ENOUGH_PX = 8;

/**
 * @param {import("./grid.js").Grid} grid
 * @param {import("./marks.js").Marks} marks
 */
export function listenForDragging(grid, marks) {
  const { box } = grid;
  /** @type {{x: number, y: number, before: number[]} | null} where it began, within the box */
  let start = null;
  let last = { x: 0, y: 0 };
  const frame = element("div", "", "grid-frame");

  /** @param {PointerEvent} event */
  const begin = (event) => {
    if (event.pointerType !== "mouse" || event.button !== 0) return;
    last = { x: event.clientX, y: event.clientY };
    start = { ...within(last), before: marks.all };
  };

  /** @param {{x: number, y: number}} point of the window */
  const within = ({ x, y }) => {
    const { left, top } = box.getBoundingClientRect();
    return { x: x - left, y: y - top };
  };

  const draw = () => {
    if (!start) return;
    const { x, y } = within(last);
    const [left, right] = [Math.min(start.x, x), Math.max(start.x, x)];
    const [top, bottom] = [Math.min(start.y, y), Math.max(start.y, y)];
    if (!frame.isConnected && Math.max(right - left, bottom - top) < FAR_ENOUGH_PX) return;
    if (!frame.isConnected) box.append(frame);
    frame.style.cssText = `left:${left}px;top:${top}px;width:${right - left}px;height:${bottom - top}px`;
    marks.set([...start.before, ...grid.idsWithin({ left, right, top, bottom })]);
  };

  const end = () => {
    start = null;
    frame.remove();
  };

  box.addEventListener("pointerdown", begin);
  box.addEventListener("pointermove", (event) => {
    if (!start) return;
    last = { x: event.clientX, y: event.clientY };
    draw();
    if (frame.isConnected) box.setPointerCapture(event.pointerId);
  });
  document.addEventListener("scroll", draw, { passive: true });
  for (const what of ["pointerup", "pointercancel"]) box.addEventListener(what, end);
}
