import { fetchSouvenir } from "../api.js";
import { config, urlForScreen } from "../config.js";
import { addMoment, onAction, sectionOf, show } from "../stage.js";
import { onForget, visit } from "../visit.js";
import { setWord } from "../words.js";
import { clearWall, showWall } from "./to-wall.js";

/** @typedef {import("../visit.js").Picture} Picture */

const section = sectionOf("gift");
const picture = /** @type {HTMLImageElement} */ (section.querySelector(".gift-picture"));
const code = /** @type {HTMLImageElement} */ (section.querySelector(".gift-code"));
const hint = section.querySelector(".gift-hint");
const link = /** @type {HTMLAnchorElement} */ (section.querySelector(".gift-open"));
const file = /** @type {HTMLAnchorElement} */ (section.querySelector(".gift-save"));

/** Grows with each picture shown, so that the code of an earlier one is ignored. */
let turn = 0;

/** The liked pictures go home on the visitor's phone, and to the wall of the room. */
export function addGift() {
  addMoment("gift", { back: "garden", enter, leave: clear });
  onAction("gift", "more", () => show("garden"));
  onAction("gift", "done", () => show("goodbye"));
  onForget(clear);
}

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
