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
function showStatus(text) {
  find(".alike-status").textContent = text;
}

/** @param {() => Promise<void>} what */
async function once(what) {
  if (busy) return;
  busy = true;
  try {
    await what();
  } catch (error) {
    showStatus(sentenceOf(error));
  } finally {
    busy = false;
  }
}

/** @param {string} action */
async function decide(action) {
  const group = groupList.current;
  if (!group) return;
  const one = action === "not_this";
  const how = one ? "not_alike" : action;
  const image = action === "not_alike" || action === "keep_all" ? {} : { image: groupList.imageOf(group) };
  const said = await post(config.paths.settle.replace("/0/", `/${group.id}/`), { id: newId(), how, ...image });
  past.push(said.id);
  const count = how === "keep_all" ? said.images.length : said.images.length - 1;
  showStatus(word(`said_${how}`, { count }));
  groupList.drop(group);
  if (one && group.size > 2) await groupList.reload();
}

async function takeBack() {
  const last = past.pop();
  if (!last) return showStatus(word("nothingToUndo"));
  try {
    await post(config.paths.undo.replace("00000000-0000-0000-0000-000000000000", last));
  } catch (error) {
    past.push(last);
    throw error;
  }
  showStatus(word("undone"));
  await groupList.reload();
}

/** What would do nothing cannot be pressed. */
function allow() {
  for (const button of document.querySelectorAll(".alike-bar [data-do]")) {
    const { do: action, needs = "" } = /** @type {HTMLElement} */ (button).dataset;
    const ready = action === "undo" ? past.length > 0 : groupList.groups.length > 0;
    /** @type {HTMLButtonElement} */ (button).disabled = !config.may[needs] || !ready;
  }
}

/** @param {string} action */
function act(action) {
  if (!config.may[action === "remove_others" ? "remove" : "decide"]) return showStatus(word("mayNot"));
  return once(() => (action === "undo" ? takeBack() : decide(action)));
}

/** @param {KeyboardEvent} event */
function press(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const steps = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key];
  const turns = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  const action = KEYS[/** @type {keyof typeof KEYS} */ (event.key.toLowerCase())];
  if (steps === undefined && turns === undefined && action === undefined) return;
  event.preventDefault();
  if (steps) groupList.move(steps);
  if (turns) groupList.turn(turns);
  if (action) void act(action);
}

for (const button of document.querySelectorAll(".alike-bar [data-do]")) {
  const { do: action = "" } = /** @type {HTMLElement} */ (button).dataset;
  button.addEventListener("click", () => void act(action));
}
groupList.addEventListener("change", () => {
  const empty = groupList.groups.length === 0 && groupList.next === null;
  find(".alike-empty").hidden = !empty;
  find(".alike-hint").hidden = empty;
  allow();
});
groupList.addEventListener("error", (event) => showStatus(sentenceOf(/** @type {CustomEvent} */ (event).detail)));
document.addEventListener("keydown", press);
groupList.add(first);
document.documentElement.dataset.ready = "";
