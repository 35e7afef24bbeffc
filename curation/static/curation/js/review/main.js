/** The review page: a screen with pictures, a bar, and keys. */

import { gettext } from "../../../garden/lib/i18n.js";
import { readJson } from "../../../garden/lib/page.js";
import { actions } from "./actions.js";
import { Address } from "./address.js";
import {
  count,
  countSoon,
  hideProgress,
  listenToBar,
  showCurrent,
  showMarks,
  showPast,
  showProgress,
  showSaved,
  showStatus,
} from "./bar.js";
import { Decisions } from "./decisions.js";
import { listenForDragging } from "./dragging.js";
import { Grid } from "./grid.js";
import { listenForKeys, listenForTouch } from "./keys.js";
import { marking } from "./marks.js";
import { One } from "./one.js";
import { Operations } from "./operations.js";
import { Others } from "./others.js";
import { Queue } from "./queue.js";
import { ReviewScreen } from "./screen.js";
import { UndoStack } from "./undo.js";
import { listenForFiles } from "./uploads.js";

/** @param {string} selector */
const part = (selector) => /** @type {HTMLElement} */ (document.querySelector(selector));

const screen = new ReviewScreen();
const queue = new Queue();
const undoStack = new UndoStack();
const operations = new Operations(queue, undoStack);
const decisions = new Decisions(screen, queue, undoStack);
const grid = new Grid(screen, part(".grid"), part(".review-bar"));
const one = new One(screen, part(".one"));
const address = new Address(screen, grid);
const marker = marking(screen);
const act = actions({ screen, grid, decisions, operations, undoStack, marking: marker });

screen.addEventListener("move", () => {
  showCurrent(screen.current);
  showMarks(screen);
});
screen.marks.addEventListener("change", () => showMarks(screen));
screen.addEventListener("change", () => {
  showCurrent(screen.current);
  countSoon();
});
screen.list.addEventListener("start", showEmptiness);
screen.list.addEventListener("grown", showEmptiness);
queue.addEventListener("state", () => {
  showSaved(queue);
  if (queue.state === "saved") countSoon(); // A count asked for before the garden had the decisions was too early.
});
queue.addEventListener("refused", () =>
  showStatus(gettext("One decision was refused. The picture shows the saved one.")),
);
undoStack.addEventListener("change", () => showPast(undoStack.last));
operations.addEventListener("progress", (event) => showProgress(/** @type {CustomEvent} */ (event).detail));
operations.addEventListener("rest", hideProgress);

listenForKeys(act);
listenToBar(act);
listenForTouch(part(".grid"), screen, marker);
listenForDragging(grid, screen.marks);
listenForFiles();

screen.list.start(readJson("review-first"));
address.read();
showSaved(queue);
showPast(undoStack.last);
void count();
new Others(screen, queue, () => (screen.view === "grid" ? grid.shown : [screen.current?.id ?? 0]));
document.documentElement.dataset.ready = "true";

/** A narrow filter may find its first picture only after some steps. */
function showEmptiness() {
  const none = screen.list.length === 0;
  part(".grid").hidden = none;
  part(".grid-empty").hidden = !none || screen.list.hasOlder;
  if (none && screen.list.hasOlder) void screen.list.older().catch(() => {});
  if (!none && screen.at === null) screen.goTo(0);
}

void one;
