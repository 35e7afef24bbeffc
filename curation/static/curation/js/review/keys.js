/** Keys and what they do, and pointing at tiles. Letters are found by their place where the keyboard writes others. */

/** @type {Record<string, string>} */
const ACTIONS = {
  ArrowRight: "on",
  ArrowLeft: "back",
  ArrowDown: "down",
  ArrowUp: "up",
  PageDown: "page_down",
  PageUp: "page_up",
  Home: "first",
  End: "last",
  j: "on",
  k: "back",
  l: "like",
  d: "dislike",
  0: "clear",
  u: "undo",
  " ": "full",
  Enter: "full",
  Escape: "leave",
  p: "publish",
  x: "remove",
  r: "restore",
  w: "wall",
  t: "retouch",
  b: "batch",
  m: "mark",
  e: "label",
  c: "collect",
  s: "download",
  a: "alike",
  "+": "larger",
  "=": "larger",
  "-": "smaller",
  1: "rate_1",
  2: "rate_2",
  3: "rate_3",
  4: "rate_4",
  5: "rate_5",
  "?": "help",
};
/** @type {Record<string, string>} */
const WITH_SHIFT = {
  ArrowRight: "mark_on",
  ArrowLeft: "mark_back",
  ArrowDown: "mark_down",
  ArrowUp: "mark_up",
  m: "mark_to",
};
const MOVES = ["on", "back", "down", "up", "page_down", "page_up"];
const REPEATABLE = new Set([...MOVES, "larger", "smaller", "mark_on", "mark_back", "mark_down", "mark_up"]);

/** @param {(action: string) => void} act */
export function listenForKeys(act) {
  document.addEventListener("keydown", (event) => {
    const action = actionOf(event);
    if (!action || (event.repeat && !REPEATABLE.has(action)) || isElsewhere(event)) return;
    event.preventDefault();
    act(action);
  });
}

/** @param {KeyboardEvent} event */
function actionOf(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return undefined;
  const letter = /^Key[A-Z]$/.test(event.code) && event.key > "\u007f" ? event.code.slice(3) : event.key;
  const key = letter.length === 1 ? letter.toLowerCase() : letter;
  return (event.shiftKey && WITH_SHIFT[key]) || ACTIONS[key];
}

/**
 * Whether the key belongs to a field, a button or a dialog.
 * @param {KeyboardEvent} event
 */
function isElsewhere(event) {
  // A dialog that was closed keeps the focus until the page is drawn again: its fields receive no keys.
  const gone = event.target instanceof HTMLElement && event.target.closest("dialog:not([open])");
  const target = event.target instanceof HTMLElement && !gone ? event.target : document.body;
  if (event.key === "Escape" && document.querySelector(":popover-open")) return true;
  if (document.querySelector("dialog[open]") || target.isContentEditable) return true;
  if (target.closest("input, select, textarea")) return true;
  return (event.key === " " || event.key === "Enter") && target.closest("button, a, summary") !== null;
}

/**
 * @param {HTMLElement} box
 * @param {import("./screen.js").ReviewScreen} screen
 * @param {import("./marks.js").Marking} marking
 */
export function listenForTouch(box, screen, marking) {
  let byMouse = true;
  box.addEventListener("pointerdown", (event) => {
    byMouse = event.pointerType === "mouse";
  });
  box.addEventListener("click", (event) => {
    const tile = /** @type {HTMLElement} */ (event.target).closest(".tile");
    if (!(tile instanceof HTMLElement)) return;
    screen.goToPicture(Number(tile.dataset.id));
    if (isAtCorner(event) || event.ctrlKey || event.metaKey) marking.toggle();
    else if (event.shiftKey) marking.reach();
    else if (!byMouse) screen.look("one");
  });
  box.addEventListener("dblclick", (event) => {
    if (/** @type {HTMLElement} */ (event.target).closest(".tile") && !isAtCorner(event)) screen.look("one");
  });
}

/** @param {MouseEvent} event */
function isAtCorner(event) {
  return /** @type {HTMLElement} */ (event.target).closest(".tile-mark") !== null;
}
