/** Keys and what they do. Letters are found by their place where the keyboard writes others (Korean, Japanese …). */

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
  1: "rate_1",
  2: "rate_2",
  3: "rate_3",
  4: "rate_4",
  5: "rate_5",
  "?": "help",
};
const REPEATABLE = new Set(["on", "back", "down", "up", "page_down", "page_up"]);

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
  return ACTIONS[letter.length === 1 ? letter.toLowerCase() : letter];
}

/**
 * Whether the key belongs to a field, a button or a dialog.
 * @param {KeyboardEvent} event
 */
function isElsewhere(event) {
  const target = event.target instanceof HTMLElement ? event.target : document.body;
  if (document.querySelector("dialog[open]") || target.isContentEditable) return true;
  if (target.closest("input, select, textarea")) return true;
  return (event.key === " " || event.key === "Enter") && target.closest("button, a, summary") !== null;
}
