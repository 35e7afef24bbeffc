const FAR_ENOUGH_PX = 50;

/**
 * A swipe to the left goes on, one to the right goes back.
 * @param {HTMLElement} area
 * @param {(steps: 1 | -1) => void} onSwipe
 */
export function listenForSwipes(area, onSwipe) {
  let from = /** @type {{x: number, y: number} | null} */ (null);
  area.addEventListener("pointerdown", (event) => {
    from = event.isPrimary ? { x: event.clientX, y: event.clientY } : null;
  });
  area.addEventListener("pointercancel", () => {
    from = null;
  });
  area.addEventListener("pointerup", (event) => {
    if (!from) return;
    const across = event.clientX - from.x;
    const along = event.clientY - from.y;
    from = null;
    if (Math.abs(across) > FAR_ENOUGH_PX && Math.abs(across) > 1.5 * Math.abs(along)) onSwipe(across < 0 ? 1 : -1);
  });
}
