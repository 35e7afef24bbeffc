/** The review page: a desk with pictures, a bar, and keys. */

import { actions } from "./actions.js";
import { Acts } from "./acts.js";
import { Address } from "./address.js";
import {
  count,
  countSoon,
  hideProgress,
  listenToBar,
  say,
  showCurrent,
  showMarks,
  showPast,
  showProgress,
  showSaved,
} from "./bar.js";
import { given } from "./config.js";
import { Decisions } from "./decisions.js";
import { Desk } from "./desk.js";
import { Grid } from "./grid.js";
import { listenForKeys } from "./keys.js";
import { marking } from "./marking.js";
import { One } from "./one.js";
import { Others } from "./others.js";
import { Past } from "./past.js";
import { Queue } from "./queue.js";
import { listenForTouch } from "./touch.js";
import { word } from "./words.js";

/** @param {string} selector */
const part = (selector) => /** @type {HTMLElement} */ (document.querySelector(selector));

const desk = new Desk();
const queue = new Queue();
const past = new Past();
const acts = new Acts(queue, past);
const decisions = new Decisions(desk, queue, past);
const grid = new Grid(desk, part(".grid"), part(".review-bar"));
const one = new One(desk, part(".one"));
const address = new Address(desk, grid);
const marker = marking(desk);
const act = actions({ desk, grid, decisions, acts, past, marking: marker });

desk.addEventListener("move", () => {
  showCurrent(desk.current);
  showMarks(desk);
});
desk.marks.addEventListener("change", () => showMarks(desk));
desk.addEventListener("change", () => {
  showCurrent(desk.current);
  countSoon();
});
desk.feed.addEventListener("start", showEmptiness);
desk.feed.addEventListener("grown", showEmptiness);
queue.addEventListener("state", () => {
  showSaved(queue);
  if (queue.state === "saved") countSoon(); // A count asked for before the garden had the decisions was too early.
});
queue.addEventListener("refused", () => say(word("decision_refused")));
past.addEventListener("change", () => showPast(past.last));
acts.addEventListener("progress", (event) => showProgress(/** @type {CustomEvent} */ (event).detail));
acts.addEventListener("rest", hideProgress);

listenForKeys(act);
listenToBar(act);
listenForTouch(part(".grid"), desk, marker);

desk.feed.start(given("review-first"));
address.read();
showSaved(queue);
showPast(past.last);
void count();
new Others(desk, queue, () => (desk.view === "grid" ? grid.shown : [desk.current?.id ?? 0]));
document.documentElement.dataset.ready = "true";

/** A narrow filter may find its first picture only after some steps. */
function showEmptiness() {
  const none = desk.feed.length === 0;
  part(".grid").hidden = none;
  part(".grid-empty").hidden = !none || desk.feed.hasOlder;
  if (none && desk.feed.hasOlder) void desk.feed.older().catch(() => {});
  if (!none && desk.at === null) desk.goTo(0);
}

void one;
