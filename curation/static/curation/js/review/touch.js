/** Pointing at tiles: a click chooses, a second one or a tap opens; at its corner a tile is marked. */

/**
 * @param {HTMLElement} box
 * @param {import("./desk.js").Desk} desk
 * @param {import("./marking.js").Marking} marking
 */
export function listenForTouch(box, desk, marking) {
  let byMouse = true;
  box.addEventListener("pointerdown", (event) => {
    byMouse = event.pointerType === "mouse";
  });
  box.addEventListener("click", (event) => {
    const tile = /** @type {HTMLElement} */ (event.target).closest(".tile");
    if (!(tile instanceof HTMLElement)) return;
    desk.goToPicture(Number(tile.dataset.id));
    if (isAtCorner(event) || event.ctrlKey || event.metaKey) marking.toggle();
    else if (event.shiftKey) marking.reach();
    else if (!byMouse) desk.look("one");
  });
  box.addEventListener("dblclick", (event) => {
    if (/** @type {HTMLElement} */ (event.target).closest(".tile") && !isAtCorner(event)) desk.look("one");
  });
}

/** @param {MouseEvent} event */
function isAtCorner(event) {
  return /** @type {HTMLElement} */ (event.target).closest(".tile-mark") !== null;
}
