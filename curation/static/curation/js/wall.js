/** The wall editor: pictures are dragged to a slot, or all that are chosen to the wall. */

import { find, findAll } from "../../garden/lib/page.js";

const editor = /** @type {HTMLFormElement} */ (find("[data-editor]"));
const wall = find("[data-wall]");
/** @type {HTMLInputElement | null} the box of the picture that is dragged */
let dragged = null;
const SLOTS = 8;

editor.addEventListener("dragstart", (event) => {
  const picture = /** @type {Element} */ (event.target).closest(".tray-picture");
  dragged = picture?.querySelector("input") ?? null;
  wall.toggleAttribute("data-dragging", dragged !== null);
});
editor.addEventListener("dragend", () => wall.removeAttribute("data-dragging"));
wall.addEventListener("dragover", (event) => {
  if (!dragged) return;
  event.preventDefault();
  const slot = /** @type {Element} */ (event.target).closest("[data-slot]");
  for (const one of findAll("[data-slot]", wall)) one.toggleAttribute("data-over", one === slot);
});
wall.addEventListener("drop", (event) => {
  if (!dragged) return;
  event.preventDefault();
  const boxes = /** @type {HTMLInputElement[]} */ (findAll("[data-tray] input", editor));
  if (!dragged.checked) for (const box of boxes) box.checked = box === dragged;
  const slot = /** @type {Element} */ (event.target).closest("[data-slot]");
  const button = slot ? slot.querySelector("[name=slot]") : find("[data-show]", editor);
  if (button instanceof HTMLButtonElement) button.click();
  dragged = null;
});
// As many of each orientation as there are slots.
find("[data-all]", editor)?.addEventListener("click", () => {
  for (const side of ["landscape", "portrait"]) {
    const boxes = findAll(`[data-tray] [data-orientation=${side}] input`, editor);
    for (const box of /** @type {HTMLInputElement[]} */ (boxes.slice(0, SLOTS))) box.checked = true;
  }
});
// What is shown is no longer chosen.
document.addEventListener("htmx:after:request", (event) => {
  const { ctx } = /** @type {CustomEvent} */ (event).detail;
  if (ctx.request?.method !== "POST" || ctx.response?.status !== 200) return;
  for (const box of /** @type {HTMLInputElement[]} */ (findAll("[data-tray] input:checked", editor)))
    box.checked = false;
});
