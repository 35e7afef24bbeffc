/** The look-alikes' page: groups, a bar and keys. */

import { config, given, word } from "./config.js";
import { settle, undo } from "./server.js";
import { Shelf } from "./shelf.js";

/** @param {string} selector */
const part = (selector) => /** @type {HTMLElement} */ (document.querySelector(selector));

const KEYS = { b: "keep_best", x: "remove_others", a: "keep_all", m: "not_this", n: "not_alike", u: "undo" };
const shelf = new Shelf(part(".alike-groups"));
/** @type {string[]} */
const past = [];
let busy = false;

/** @param {string} text */
function say(text) {
  part(".alike-said").textContent = text;
}

/** @param {() => Promise<void>} what */
async function once(what) {
  if (busy) return;
  busy = true;
  try {
    await what();
  } catch (trouble) {
    say(trouble instanceof Error ? trouble.message : String(trouble));
  } finally {
    busy = false;
  }
}

/** @param {string} wish */
async function decide(wish) {
  const group = shelf.current;
  if (!group) return;
  const one = wish === "not_this";
  const how = one ? "not_alike" : wish;
  const image = wish === "not_alike" || wish === "keep_all" ? {} : { image: shelf.imageOf(group) };
  const said = await settle(group.id, { id: crypto.randomUUID(), how, ...image });
  past.push(said.id);
  const count = how === "keep_all" ? said.images.length : said.images.length - 1;
  say(word(`said_${how}`, { count }));
  shelf.drop(group);
  if (one && group.size > 2) await shelf.reload();
}

async function takeBack() {
  const last = past.pop();
  if (!last) return say(word("nothingToUndo"));
  try {
    await undo(last);
  } catch (trouble) {
    past.push(last);
    throw trouble;
  }
  say(word("undone"));
  await shelf.reload();
}

/** What would do nothing cannot be pressed. */
function allow() {
  for (const button of document.querySelectorAll(".alike-bar [data-do]")) {
    const { do: wish, needs = "" } = /** @type {HTMLElement} */ (button).dataset;
    const ready = wish === "undo" ? past.length > 0 : shelf.groups.length > 0;
    /** @type {HTMLButtonElement} */ (button).disabled = !config.may[needs] || !ready;
  }
}

/** @param {string} wish */
function act(wish) {
  if (!config.may[wish === "remove_others" ? "remove" : "decide"]) return say(word("mayNot"));
  return once(() => (wish === "undo" ? takeBack() : decide(wish)));
}

/** @param {KeyboardEvent} event */
function press(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const steps = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key];
  const turns = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  const wish = KEYS[/** @type {keyof typeof KEYS} */ (event.key.toLowerCase())];
  if (steps === undefined && turns === undefined && wish === undefined) return;
  event.preventDefault();
  if (steps) shelf.move(steps);
  if (turns) shelf.turn(turns);
  if (wish) void act(wish);
}

for (const button of document.querySelectorAll(".alike-bar [data-do]")) {
  const { do: wish = "" } = /** @type {HTMLElement} */ (button).dataset;
  button.addEventListener("click", () => void act(wish));
}
shelf.addEventListener("change", () => {
  const empty = shelf.groups.length === 0 && shelf.next === null;
  part(".alike-empty").hidden = !empty;
  part(".alike-hint").hidden = empty;
  allow();
});
shelf.addEventListener("trouble", (event) => say(/** @type {CustomEvent} */ (event).detail.message));
document.addEventListener("keydown", press);
shelf.add(given("alike-first"));
document.documentElement.dataset.ready = "";
