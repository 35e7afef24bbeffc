/** The start screen; the data of the visitor before is deleted. */

import { find, findAll } from "../../lib/page.js";
import { send } from "../api.js";
import { config, urlForScreen } from "../config.js";
import { addMoment } from "../stage.js";
import { forget } from "../visit.js";
import { speak } from "../words.js";

/** @import { Garden } from "../visit.js" */

const PICTURE_MS = 9000;
const PICTURES_PER_MOOD = 12;

const portrait = matchMedia("(orientation: portrait)");

let turn = Math.floor(Math.random() * config.moods.length);
let timer = 0;

addMoment("attract", { enter, leave: () => clearTimeout(timer) });

function enter() {
  forget();
  speak(config.language);
  void showNext();
}

async function showNext() {
  timer = setTimeout(showNext, PICTURE_MS);
  const mood = config.moods[turn++ % config.moods.length];
  try {
    const url = await somePicture(mood);
    if (url) await fadeTo(url, mood);
  } catch {
    // The garden cannot be reached: what hangs there stays, the next turn asks again.
  }
}

/** @param {string} mood */
async function somePicture(mood) {
  /** @type {Garden} */
  const garden = await send(config.paths.newest, { emotion: mood, limit: PICTURES_PER_MOOD });
  const fitting = portrait.matches ? garden.portrait : garden.landscape;
  const pictures = fitting.length > 0 ? fitting : [...garden.portrait, ...garden.landscape];
  const picture = pictures[Math.floor(Math.random() * pictures.length)];
  return picture && urlForScreen(picture);
}

/** @param {string} url @param {string} mood */
async function fadeTo(url, mood) {
  const next = /** @type {HTMLImageElement} */ (find(".drift-layer:not(.is-shown)"));
  next.src = url;
  await next.decode();
  find(".drift-layer.is-shown")?.classList.remove("is-shown");
  next.classList.add("is-shown");
  for (const flower of findAll(".attract .glyph")) flower.classList.toggle("is-shown", flower.dataset.mood === mood);
}
