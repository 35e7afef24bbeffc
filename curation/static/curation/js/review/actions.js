/**
 * What buttons and keys do. A button names its action (`data-action`) and its keys (`aria-keyshortcuts`): who may not do
 * something has no button, and no key. Letters are found by their place where the keyboard writes others.
 */

import { find, findAll } from "../../../garden/lib/page.js";
import { config } from "./config.js";
import { decide } from "./decisions.js";
import { grid } from "./grid.js";
import { listing } from "./listing.js";
import { marks } from "./marks.js";
import { changeLabels, collect, doToMany, restoreCurrent, undo } from "./operations.js";

/** Keys without a button. @type {Record<string, string>} */
const KEYS = {
  ArrowDown: "down",
  ArrowUp: "up",
  PageDown: "page_down",
  PageUp: "page_up",
  Home: "first",
  End: "last",
  0: "clear",
  "+": "larger",
  "=": "larger",
  "-": "smaller",
};
const row = () => (listing.view === "grid" ? grid.columns : 1);
const screenful = () => row() * (listing.view === "grid" ? grid.rows : 10);
/** How far they move; with Shift they mark on the way. @type {Record<string, () => number>} */
const MOVES = {
  on: () => 1,
  back: () => -1,
  down: row,
  up: () => -row(),
  page_down: screenful,
  page_up: () => -screenful(),
};
const REPEATABLE = [...Object.keys(MOVES), "larger", "smaller"];

/** @type {Record<string, (shift: boolean) => unknown>} */
const ACTIONS = {
  first: () => listing.goTo(0),
  last: () => listing.goTo(listing.pictures.length - 1),
  like: () => judge("like"),
  dislike: () => judge("dislike"),
  clear: () => judge(""),
  ...Object.fromEntries([1, 2, 3, 4, 5].map((rating) => [`rate_${rating}`, () => rate(rating)])),
  undo,
  full: () => listing.look(listing.view === "one" ? "grid" : "one"),
  leave: () => (listing.view === "one" ? listing.look("grid") : marks.clear()),
  mark: (shift) => (shift ? marks.reach() : marks.toggle()),
  unmark: () => marks.clear(),
  publish: () => doToMany("publish"),
  remove: () => doToMany("remove"),
  restore_all: () => doToMany("restore"),
  purge: () => doToMany("purge"),
  restore: restoreCurrent,
  label: changeLabels,
  collect,
  wall: () => go(config.paths.wallEditor, { images: marks.orCurrent.join() }),
  download: () => go(config.paths.download, { ids: marks.orCurrent.join() }),
  alike: () => go(config.paths.library, { state: "all", like: `${listing.at}` }),
  retouch: () => go(config.paths.studio, { image: `${listing.at}` }),
  batch: retouchMany,
  larger: () => grid.zoom(1),
  smaller: () => grid.zoom(-1),
  help: () => /** @type {HTMLDialogElement} */ (find("#help")).showModal(),
};

/** @param {string} action @param {boolean} [shift] */
function act(action, shift = false) {
  const steps = MOVES[action]?.();
  if (steps === undefined) ACTIONS[action]?.(shift);
  else if (shift) marks.along(steps);
  else listing.move(steps);
}

/** @param {string} verdict */
function judge(verdict) {
  if (decide({ verdict }) && verdict) listing.move(1);
}

/** The same rating again takes it back. @param {number} rating */
function rate(rating) {
  decide({ rating: listing.current?.mine?.rating === rating ? null : rating });
}

/** To a page about the current picture. @param {string} path @param {Record<string, string>} query */
function go(path, query) {
  if (listing.current) location.assign(`${path}?${new URLSearchParams(query)}`);
}

function retouchMany() {
  const query = new URLSearchParams(marks.count ? { marked: "1" } : config.filter);
  location.assign(`${config.paths.batch}?${query}`);
}

export function listenToButtonsAndKeys() {
  for (const button of findAll("[data-action]")) {
    button.addEventListener("click", (event) => {
      // A pointer leaves no focus behind: the next space means full screen, not the same button again.
      if (event.detail > 0) button.blur();
      act(button.dataset.action ?? "");
    });
  }
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isElsewhere(event)) return;
    const key = keyOf(event);
    const action = KEYS[key] ?? find(`[data-action][aria-keyshortcuts~="${CSS.escape(key)}"]`)?.dataset.action;
    if (!action || (event.repeat && !REPEATABLE.includes(action))) return;
    event.preventDefault();
    act(action, event.shiftKey);
  });
}

/** @param {KeyboardEvent} event */
function keyOf({ key, code }) {
  if (key === " ") return "Space";
  const letter = /^Key[A-Z]$/.test(code) && key > "\u007f" ? code.slice(3) : key;
  return letter.length === 1 ? letter.toLowerCase() : letter;
}

/** Whether the key belongs to a field, a button or a dialog. @param {KeyboardEvent} event */
function isElsewhere({ key, target }) {
  if (document.querySelector("dialog[open]")) return true;
  if (key === "Escape" && document.querySelector(":popover-open")) return true;
  // A dialog that was closed keeps the focus until the page is drawn again: its fields receive no keys.
  if (!(target instanceof HTMLElement) || target.closest("dialog")) return false;
  if (target.isContentEditable || target.closest("input, select, textarea")) return true;
  return (key === " " || key === "Enter") && target.closest("button, a, summary") !== null;
}
