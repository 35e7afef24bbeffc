/** Up to three of the liked pictures, chosen by the visitor, bloom on the wall of the room; each once. */

import { kindOf, sendToWall } from "../api.js";
import { config, urlForScreen } from "../config.js";
import { button, onAction, sectionOf } from "../stage.js";
import { visit } from "../visit.js";
import { needLetters, setWord, word } from "../words.js";

/** @typedef {import("../visit.js").Picture} Picture */

const MOST = 3;
const MOST_SHOWN = 6;

const section = /** @type {HTMLElement} */ (sectionOf("gift").querySelector(".to-wall"));
const tiles = /** @type {HTMLElement} */ (section.querySelector(".to-wall-pictures"));
const said = section.querySelector(".to-wall-status");
const send = button("gift", "wall");

let hasWall = config.wall !== null;
/** @type {Set<string>} */
let chosen = new Set();

onAction("gift", "wall", () => void hangChosen());
document.addEventListener("languagechange", () => {
  for (const tile of tiles.querySelectorAll("button")) label(tile);
});

/** @param {(picture: Picture) => void} onTouch */
export function showWall(onTouch) {
  const liked = visit.liked.slice(-MOST_SHOWN).reverse();
  chosen = new Set(
    liked
      .map((picture) => picture.key)
      .filter((key) => !visit.hung.has(key))
      .slice(0, MOST),
  );
  tiles.replaceChildren(...liked.map((picture, i) => tile(picture, i + 1, onTouch)));
  section.hidden = !hasWall;
  showQuestion();
  showChoice();
}

export function clearWall() {
  chosen = new Set();
  tiles.replaceChildren();
  setWord(said, "gift_wall_most");
  section.hidden = true;
}

function showQuestion() {
  const wall = config.wall?.title ?? "";
  needLetters(wall);
  setWord(section.querySelector("h2"), wall ? "gift_wall_ask_named" : "gift_wall_ask", { wall });
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
  section.hidden = !hasWall;
  send.disabled = false;
  setWord(said, "gift_wall_trouble");
}
