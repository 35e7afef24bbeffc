/** The liked pictures go home on the visitor's phone; up to three, chosen by the visitor, bloom on the wall of the room, each once. */

import { fetchSouvenir, kindOf, sendToWall } from "../api.js";
import { config, urlForScreen } from "../config.js";
import { addMoment, button, onAction, sectionOf, show } from "../stage.js";
import { onForget, visit } from "../visit.js";
import { needLetters, setWord, word } from "../words.js";

/** @typedef {import("../visit.js").Picture} Picture */

const section = sectionOf("gift");
const picture = /** @type {HTMLImageElement} */ (section.querySelector(".gift-picture"));
const code = /** @type {HTMLImageElement} */ (section.querySelector(".gift-code"));
const hint = section.querySelector(".gift-hint");
const link = /** @type {HTMLAnchorElement} */ (section.querySelector(".gift-open"));
const file = /** @type {HTMLAnchorElement} */ (section.querySelector(".gift-save"));

/** Grows with each picture shown, so that the code of an earlier one is ignored. */
let turn = 0;

addMoment("gift", { back: "garden", enter, leave: clear });
onForget(clear);

function enter() {
  const last = visit.liked.at(-1);
  if (!last) return show("garden");
  showWall((chosen) => void give(chosen));
  void give(last);
}

/** @param {Picture} chosen */
async function give(chosen) {
  const mine = ++turn;
  picture.src = urlForScreen(chosen);
  const content = new URLSearchParams({ content: chosen.key });
  link.href = `${config.paths.page}?${content}`;
  file.href = `${config.paths.file}?${content}`;
  setWord(hint, "gift_hint");
  section.dataset.code = "coming";
  try {
    const souvenir = await fetchSouvenir(chosen);
    if (mine === turn) showCode(souvenir);
  } catch {
    if (mine !== turn) return;
    section.dataset.code = "trouble";
    setWord(hint, "gift_code_trouble");
  }
}

/** @param {import("../api.js").Souvenir} souvenir */
function showCode(souvenir) {
  section.dataset.code = souvenir.code ? "shown" : "none";
  if (!souvenir.code) return setWord(hint, "gift_no_phone");
  code.src = souvenir.code;
  link.href = souvenir.url;
}

function clear() {
  turn += 1;
  picture.removeAttribute("src");
  code.removeAttribute("src");
  link.removeAttribute("href");
  file.removeAttribute("href");
  delete section.dataset.code;
  clearWall();
}

const MOST = 3;
const MOST_SHOWN = 6;

const toWall = /** @type {HTMLElement} */ (sectionOf("gift").querySelector(".to-wall"));
const tiles = /** @type {HTMLElement} */ (toWall.querySelector(".to-wall-pictures"));
const said = toWall.querySelector(".to-wall-status");
const send = button("gift", "wall");

let hasWall = config.wall !== null;
/** @type {Set<string>} */
let chosen = new Set();

onAction("gift", "wall", () => void hangChosen());
document.addEventListener("languagechange", () => {
  for (const tile of tiles.querySelectorAll("button")) label(tile);
});

/** @param {(picture: Picture) => void} onTouch */
function showWall(onTouch) {
  const liked = visit.liked.slice(-MOST_SHOWN).reverse();
  chosen = new Set(
    liked
      .map((picture) => picture.key)
      .filter((key) => !visit.hung.has(key))
      .slice(0, MOST),
  );
  tiles.replaceChildren(...liked.map((picture, i) => tile(picture, i + 1, onTouch)));
  toWall.hidden = !hasWall;
  showQuestion();
  showChoice();
}

function clearWall() {
  chosen = new Set();
  tiles.replaceChildren();
  setWord(said, "gift_wall_most");
  toWall.hidden = true;
}

function showQuestion() {
  const wall = config.wall?.title ?? "";
  needLetters(wall);
  setWord(toWall.querySelector("h2"), wall ? "gift_wall_ask_named" : "gift_wall_ask", { wall });
  setWord(said, "gift_wall_most");
}

/**
 * @param {Picture} picture
 * @param {number} number
 * @param {(picture: Picture) => void} onTouch
 */
function tile(picture, number, onTouch) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "to-wall-picture";
  made.dataset.key = picture.key;
  made.dataset.number = String(number);
  const image = document.createElement("img");
  image.src = urlForScreen(picture);
  image.alt = "";
  made.append(image);
  made.addEventListener("click", () => {
    choose(picture.key);
    onTouch(picture);
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
  for (const made of tiles.querySelectorAll("button")) {
    const key = made.dataset.key ?? "";
    made.dataset.hung = String(visit.hung.has(key));
    made.setAttribute("aria-pressed", String(chosen.has(key) || visit.hung.has(key)));
    label(made);
  }
  send.disabled = chosen.size === 0;
}

/** @param {HTMLButtonElement} made */
function label(made) {
  const name = made.dataset.hung === "true" ? "gift_wall_hangs" : "gift_wall_choose";
  made.setAttribute("aria-label", word(name, { number: made.dataset.number ?? "" }));
}

async function hangChosen() {
  const keys = [...chosen];
  const { hung } = visit;
  const isOver = () => visit.hung !== hung;
  send.disabled = true;
  setWord(said, "gift_wall_sending");
  try {
    const { title } = await sendToWall(keys);
    if (isOver()) return;
    for (const key of keys) hung.add(key);
    chosen = new Set();
    showChoice();
    setWord(said, title ? "gift_wall_sent_named" : "gift_wall_sent", { wall: title });
  } catch (error) {
    if (!isOver()) showError(kindOf(error));
  }
}

/** @param {import("../api.js").ErrorKind} kind */
function showError(kind) {
  hasWall = kind !== "no_wall";
  toWall.hidden = !hasWall;
  send.disabled = false;
  setWord(said, "gift_wall_trouble");
}
