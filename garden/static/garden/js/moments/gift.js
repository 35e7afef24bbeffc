/** The liked pictures go home on the visitor's phone; up to three, chosen by the visitor, bloom on the wall of the room, each once. */

import { cloneTemplate, find, findAll } from "../../lib/page.js";
import { fetchSouvenir, kindOf, send } from "../api.js";
import { config, urlForScreen } from "../config.js";
import { addMoment, button, sectionOf, show } from "../stage.js";
import { onForget, visit } from "../visit.js";
import { needLetters, setWord, word } from "../words.js";

/** @import { Schema } from "schemas" */
/** @import { Picture } from "../visit.js" */

const section = sectionOf("gift");
const picture = /** @type {HTMLImageElement} */ (find(".gift-picture", section));
const code = /** @type {HTMLImageElement} */ (find(".gift-code", section));
const hint = find(".gift-hint", section);
const link = /** @type {HTMLAnchorElement} */ (find(".gift-open", section));
const file = /** @type {HTMLAnchorElement} */ (find(".gift-save", section));

/** Grows with each picture shown, so that the code of an earlier one is ignored. */
let turn = 0;

addMoment("gift", { back: "garden", enter, leave: clear });
onForget(clear);

function enter() {
  const last = visit.liked.at(-1);
  if (!last) return show("garden");
  showWall();
  void give(last);
}

/** @param {Picture} chosen */
async function give(chosen) {
  const mine = ++turn;
  picture.src = urlForScreen(chosen);
  const content = new URLSearchParams({ content: chosen.key });
  link.href = `${config.paths.page}?${content}`;
  file.href = `${config.paths.file}?${content}`;
  if (!config.gives) return;
  setWord(hint, "gift_hint");
  section.dataset.code = "coming";
  try {
    const souvenir = await fetchSouvenir(chosen.key);
    if (mine === turn) showCode(souvenir);
  } catch {
    if (mine !== turn) return;
    section.dataset.code = "trouble";
    setWord(hint, "gift_code_trouble");
  }
}

/** @param {Schema["Souvenir"]} souvenir */
function showCode({ url, code_svg: drawing }) {
  section.dataset.code = drawing ? "shown" : "none";
  if (!drawing) return setWord(hint, "gift_no_phone");
  code.src = `data:image/svg+xml,${encodeURIComponent(drawing)}`;
  link.href = url;
}

function clear() {
  turn += 1;
  for (const image of [picture, code]) image.removeAttribute("src");
  for (const address of [link, file]) address.removeAttribute("href");
  delete section.dataset.code;
  chosen.clear();
  tiles.replaceChildren();
  toWall.hidden = true;
}

const MOST = 3;
const MOST_SHOWN = 6;

const toWall = find(".to-wall", section);
const tiles = find(".to-wall-pictures", toWall);
const said = find(".to-wall-status", toWall);
const sendButton = button("gift", "wall");

let hasWall = config.wall !== null;
/** @type {Set<string>} */
let chosen = new Set();

sendButton.addEventListener("click", () => void hangChosen());
document.addEventListener("languagechange", showChoice);

function showWall() {
  const liked = visit.liked.slice(-MOST_SHOWN).reverse();
  const keys = liked.map(({ key }) => key).filter((key) => !visit.hung.has(key));
  chosen = new Set(keys.slice(0, MOST));
  tiles.replaceChildren(...liked.map(tile));
  toWall.hidden = !hasWall;
  const wall = config.wall?.title ?? "";
  needLetters(wall);
  setWord(find("h2", toWall), wall ? "gift_wall_ask_named" : "gift_wall_ask", { wall });
  setWord(said, "gift_wall_most");
  showChoice();
}

/** @param {Picture} picture */
function tile(picture) {
  const made = cloneTemplate("to-wall-template");
  made.dataset.key = picture.key;
  find("img", made).setAttribute("src", urlForScreen(picture));
  made.addEventListener("click", () => {
    choose(picture.key);
    void give(picture);
  });
  return made;
}

/** @param {string} key */
function choose(key) {
  if (visit.hung.has(key)) return;
  if (!chosen.delete(key) && chosen.size < MOST) chosen.add(key);
  showChoice();
}

function showChoice() {
  for (const [i, made] of findAll("button", tiles).entries()) {
    const key = made.dataset.key ?? "";
    const hangs = visit.hung.has(key);
    made.dataset.hung = String(hangs);
    made.setAttribute("aria-pressed", String(chosen.has(key) || hangs));
    made.setAttribute("aria-label", word(hangs ? "gift_wall_hangs" : "gift_wall_choose", { number: i + 1 }));
  }
  sendButton.disabled = chosen.size === 0;
}

async function hangChosen() {
  const keys = [...chosen];
  const { hung } = visit;
  const isOver = () => visit.hung !== hung;
  sendButton.disabled = true;
  setWord(said, "gift_wall_sending");
  try {
    const { title } = await send(config.paths.wall, { keys }, { 409: "no_wall" });
    if (isOver()) return;
    for (const key of keys) hung.add(key);
    chosen.clear();
    showChoice();
    setWord(said, title ? "gift_wall_sent_named" : "gift_wall_sent", { wall: title });
  } catch (error) {
    if (isOver()) return;
    hasWall = kindOf(error) !== "no_wall";
    toWall.hidden = !hasWall;
    sendButton.disabled = false;
    setWord(said, "gift_wall_trouble");
  }
}
