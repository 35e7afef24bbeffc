/** Pointing at tiles: a click chooses, a second one or a tap opens. */

/**
 * @param {HTMLElement} box
 * @param {import("./desk.js").Desk} desk
 */
export function listenForTouch(box, desk) {
  let byMouse = true;
  box.addEventListener("pointerdown", (event) => {
    byMouse = event.pointerType === "mouse";
  });
  box.addEventListener("click", (event) => {
    const tile = /** @type {HTMLElement} */ (event.target).closest(".tile");
    if (!(tile instanceof HTMLElement)) return;
    desk.goToPicture(Number(tile.dataset.id));
    if (!byMouse) desk.look("one");
  });
  box.addEventListener("dblclick", (event) => {
    if (/** @type {HTMLElement} */ (event.target).closest(".tile")) desk.look("one");
  });
}
