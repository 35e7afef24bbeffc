const FAR_ENOUGH_PX = 60;

/**
 * Swipes and arrow keys. A swipe's own click is swallowed, so that it likes nothing.
 * @param {HTMLElement} area
 * @param {(direction: 1 | -1) => void} onTurn
 */
export function listenForTurns(area, onTurn) {
  let from = { x: 0, y: 0 };
  let swiped = false;
  area.addEventListener("pointerdown", (event) => {
    from = { x: event.clientX, y: event.clientY };
    swiped = false;
  });
  area.addEventListener("pointerup", (event) => {
    const across = event.clientX - from.x;
    swiped = Math.abs(across) > FAR_ENOUGH_PX && Math.abs(across) > 2 * Math.abs(event.clientY - from.y);
    if (swiped) onTurn(across < 0 ? 1 : -1);
  });
  area.addEventListener(
    "click",
    (event) => {
      if (swiped) event.stopPropagation();
      swiped = false;
    },
    { capture: true },
  );
  document.addEventListener("keydown", (event) => {
    if (area.offsetParent === null || document.querySelector("dialog[open]")) return;
    if (event.key === "ArrowRight") onTurn(1);
    if (event.key === "ArrowLeft") onTurn(-1);
  });
}
