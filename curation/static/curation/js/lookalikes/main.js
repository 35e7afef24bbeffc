/** The look-alikes' page: groups, a bar and keys. */

import { post } from "../../../garden/lib/http.js";
import { find, newId } from "../../../garden/lib/page.js";
import { config, first, sentenceOf, word } from "./config.js";
import { GroupList } from "./groups.js";

const KEYS = { b: "keep_best", x: "remove_others", a: "keep_all", m: "not_this", n: "not_alike", u: "undo" };
const groupList = new GroupList(find(".alike-groups"));
/** @type {string[]} */
const past = [];
let busy = false;

/** @param {string} text */
function say(text) {
  find(".alike-said").textContent = text;
}

/** @param {() => Promise<void>} what */
async function once(what) {
  if (busy) return;
  busy = true;
  try {
    await what();
  } catch (error) {
    say(sentenceOf(error));
  } finally {
    busy = false;
  }
}

/** @param {string} wish */
async function decide(wish) {
  const group = groupList.current;
  if (!group) return;
  const one = wish === "not_this";
  const how = one ? "not_alike" : wish;
  const image = wish === "not_alike" || wish === "keep_all" ? {} : { image: groupList.imageOf(group) };
  const said = await post(config.paths.settle.replace("/0/", `/${group.id}/`), { id: newId(), how, ...image });
  past.push(said.id);
  const count = how === "keep_all" ? said.images.length : said.images.length - 1;
  say(word(`said_${how}`, { count }));
  groupList.drop(group);
  if (one && group.size > 2) await groupList.reload();
}

async function takeBack() {
  const last = past.pop();
  if (!last) return say(word("nothingToUndo"));
  try {
    await post(config.paths.undo.replace("00000000-0000-0000-0000-000000000000", last));
  } catch (error) {
    past.push(last);
    throw error;
  }
  say(word("undone"));
  await groupList.reload();
}

/** What would do nothing cannot be pressed. */
function allow() {
  for (const button of document.querySelectorAll(".alike-bar [data-do]")) {
    const { do: wish, needs = "" } = /** @type {HTMLElement} */ (button).dataset;
    const ready = wish === "undo" ? past.length > 0 : groupList.groups.length > 0;
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
  if (steps) groupList.move(steps);
  if (turns) groupList.turn(turns);
  if (wish) void act(wish);
}

for (const button of document.querySelectorAll(".alike-bar [data-do]")) {
  const { do: wish = "" } = /** @type {HTMLElement} */ (button).dataset;
  button.addEventListener("click", () => void act(wish));
}
groupList.addEventListener("change", () => {
  const empty = groupList.groups.length === 0 && groupList.next === null;
  find(".alike-empty").hidden = !empty;
  find(".alike-hint").hidden = empty;
  allow();
});
groupList.addEventListener("error", (event) => say(sentenceOf(/** @type {CustomEvent} */ (event).detail)));
document.addEventListener("keydown", press);
groupList.add(first);
document.documentElement.dataset.ready = "";
