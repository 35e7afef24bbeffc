/** Three pictures, large; each like teaches the garden. */

import { cloneTemplate, find } from "../../lib/page.js";
import { kindOf, send, setLiked } from "../api.js";
import { config } from "../config.js";
import { sendLike } from "../likes.js";
import { addMoment, button, currentMoment, sectionOf, show } from "../stage.js";
import { onForget, visit } from "../visit.js";
import { setWord } from "../words.js";
import { favoriteName, fetchAhead, forgetAhead, hang, offerGift, takeDown } from "./pictures.js";

/** @import { Garden, Picture } from "../visit.js" */
/** @import { Answer } from "./pictures.js" */

const LIMIT = 60;
const MOST_CHIPS = 8;
/** @type {Garden} */
const EMPTY = { landscape: [], portrait: [] };

const section = sectionOf("garden");
const hint = find(".garden-hint", section);
const pictures = find(".pictures", section);
const chips = find(".chips", section);
const portrait = matchMedia("(orientation: portrait)");

const SIZE = 3;

let garden = EMPTY;
/** This mood's pictures in the order in which they are shown; after the last comes the first. @type {Picture[]} */
let order = [];
/** Where in the order the three begin that are shown. */
let start = 0;
/** The recommendation that each picture of the order is from, by key. @type {Map<string, Garden["recommendationId"]>} */
const recommended = new Map();
/** Keys of pictures shown in this visit, oldest first. @type {Set<string>} */
const shown = new Set();
/** Grows with each request for a garden, so that the answer to an earlier one is ignored. */
let asked = 0;
/** @type {string[]} */
let favorites = [];
let favorite = "";
/** The mood of this garden; empty before it was asked for. */
let planted = "";
/** @type {Map<string, Answer>} */
const answers = new Map();

addMoment("garden", { back: "wheel", enter, leave });
button("garden", "next").addEventListener("click", () => turn(1));
button("garden", "again").addEventListener("click", () => void plant());
if (config.grows) button("garden", "grow").addEventListener("click", () => void grow());
portrait.addEventListener("change", rehang);
document.addEventListener("languagechange", showChips);
onForget(() => {
  forgetGarden();
  shown.clear();
});

/** @param {string} [why] the visitor is back here */
async function enter(why) {
  const emotion = visit.emotion ?? "calm";
  section.dataset.mood = emotion;
  setWord(find("h1", section), `garden_${emotion}`);
  if (planted !== emotion || order.length === 0) {
    forgetGarden();
    planted = emotion;
    await plant();
  } else showSlate();
  if (why && section.dataset.state === "open") setWord(hint, why);
}

function leave() {
  tellUnliked();
  takeDown();
}

function forgetGarden() {
  garden = EMPTY;
  order = [];
  asked += 1;
  favorites = [];
  favorite = "";
  planted = "";
  answers.clear();
  recommended.clear();
  forgetAhead();
  takeDown();
  chips.replaceChildren();
}

/** Ask for the garden of this mood, or of one favorite in it. */
async function plant() {
  const mine = ++asked;
  garden = EMPTY;
  order = [];
  showState("growing");
  setWord(hint, "garden_growing");
  try {
    const planned = await askGarden();
    if (mine !== asked || currentMoment() !== "garden") return;
    garden = planned;
    if (!favorite) favorites = favoritesIn([...garden.landscape, ...garden.portrait]);
    rehang();
  } catch (error) {
    const kind = kindOf(error);
    if (kind === "forgotten") return;
    showState("trouble");
    setWord(hint, `trouble_${kind}`);
  }
}

/** The visitor's own order; the newest pictures where it cannot be had. @returns {Promise<Garden>} */
async function askGarden() {
  try {
    return await send(config.paths.garden, request());
  } catch (error) {
    if (["network", "forgotten"].includes(kindOf(error))) throw error;
    return send(config.paths.newest, request());
  }
}

/** Loaded by the first visitor who wants it: most visits need none of it. */
async function grow() {
  const loaded = await import("./grow.js").catch(() => undefined);
  if (loaded) show("grow", favorite);
  else setWord(hint, "trouble_network");
}

/** What follows is ordered again after each answer. Without a network the earlier order stays. */
async function askAgain() {
  if (garden === EMPTY) return;
  const mine = ++asked;
  const { recommendationId } = garden;
  const wanted = { ...request(), recommendationId, shown: [...shown] };
  const again = await send(config.paths.garden, wanted).catch(() => undefined);
  if (!again || mine !== asked) return;
  garden = again;
  arrange(order.slice(0, start + SIZE));
  fetchAhead(slateAt(start + SIZE));
}

function request() {
  const { id, generation, gender } = visit;
  return { id, emotion: favorite ? `${planted}/${favorite}` : planted, generation, gender, limit: LIMIT };
}

function rehang() {
  if (currentMoment() !== "garden") return;
  start = 0;
  arrange([]);
  showSlate();
}

/** @param {Picture[]} first stay where they are; after them come the garden's pictures, those shown before last */
function arrange(first) {
  const [wanted, other] = portrait.matches ? [garden.portrait, garden.landscape] : [garden.landscape, garden.portrait];
  const before = new Set(first.map(({ key }) => key));
  const rest = (wanted.length > 0 ? wanted : other).filter(({ key }) => !before.has(key));
  for (const { key } of rest) recommended.set(key, garden.recommendationId);
  order = [...first, ...rest.filter(({ key }) => !shown.has(key)), ...rest.filter(({ key }) => shown.has(key))];
}

/** @param {number} place @returns {Picture[]} */
function slateAt(place) {
  const size = Math.min(SIZE, order.length);
  return Array.from({ length: size }, (_, i) => order[(place + i) % order.length]);
}

function showSlate() {
  showState(order.length > 0 ? "open" : "empty");
  setWord(hint, order.length > 0 ? "garden_hint" : "garden_empty");
  const slate = slateAt(start);
  for (const { key } of slate) shown.add(key);
  hang(slate, answers, answer);
  showChips();
  fetchAhead(slateAt(start + SIZE));
}

/** @param {"growing" | "open" | "empty" | "trouble"} state */
function showState(state) {
  section.dataset.state = state;
  if (state !== "open") takeDown();
  button("garden", "next").hidden = state !== "open";
  button("garden", "other").hidden = state !== "empty";
  button("garden", "again").hidden = state !== "trouble";
  button("garden", "gift").hidden = state !== "open";
  if (config.grows) button("garden", "grow").hidden = state !== "open" && state !== "empty";
  offerGift("garden");
}

function showChips() {
  chips.replaceChildren(...(favorites.length > 0 ? ["", ...favorites].map(chipFor) : []));
}

/** @param {string} chosen favorite; empty for all pictures */
function chipFor(chosen) {
  const chip = cloneTemplate("chip-template");
  chip.setAttribute("aria-pressed", String(chosen === favorite));
  if (chosen) chip.textContent = favoriteName(chosen);
  else setWord(chip, "favorite_all");
  chip.addEventListener("click", () => {
    tellUnliked();
    favorite = chosen;
    void plant();
  });
  return chip;
}

/** @param {1 | -1} direction */
function turn(direction) {
  if (section.dataset.state !== "open") return;
  tellUnliked();
  const count = order.length;
  start = (start + direction * SIZE + count * SIZE) % count;
  showSlate();
  const last = (start + Math.min(SIZE, count) - 1) % count;
  setWord(hint, "garden_shown", { first: start + 1, last: last + 1, count });
}

/** @param {Picture} picture @param {Answer} given */
function answer(picture, given) {
  const before = answers.get(picture.key);
  answers.set(picture.key, given);
  if (given || before === "like") recordLike(picture.key, given === "like");
  setLiked(picture, given === "like");
  offerGift("garden");
  setWord(hint, given === "like" ? "garden_liked" : "garden_hint");
}

/** They were seen and none was liked. */
export function tellUnliked() {
  if (section.dataset.state !== "open" || slateAt(start).some((picture) => answers.get(picture.key))) return;
  recordLike(null, true);
}

/** @param {string | null} itemId @param {boolean} like */
function recordLike(itemId, like) {
  const impression = slateAt(start).map((picture) => picture.key);
  const recommendationId = recommended.get(impression[0]);
  void sendLike({ itemId, impression, recommendationId, like }).then(askAgain);
}

/** The favorites that hang in a garden, the most common first. @param {Picture[]} pictures */
function favoritesIn(pictures) {
  const named = pictures.map(({ emotion }) => emotion.split("/").slice(1).join("/")).filter(Boolean);
  /** @param {string} favorite */
  const count = (favorite) => named.filter((each) => each === favorite).length;
  return [...new Set(named)].sort((a, b) => count(b) - count(a) || a.localeCompare(b)).slice(0, MOST_CHIPS);
}

const FAR_ENOUGH_PX = 60;

let swipedFrom = { x: 0, y: 0 };
let isSwipe = false;
pictures.addEventListener("pointerdown", (event) => {
  swipedFrom = { x: event.clientX, y: event.clientY };
  isSwipe = false;
});
pictures.addEventListener("pointerup", (event) => {
  const across = event.clientX - swipedFrom.x;
  isSwipe = Math.abs(across) > FAR_ENOUGH_PX && Math.abs(across) > 2 * Math.abs(event.clientY - swipedFrom.y);
  if (isSwipe) turn(across < 0 ? 1 : -1);
});
// A swipe's own click is swallowed, so that it likes nothing.
pictures.addEventListener("click", swallowSwipe, { capture: true });
document.addEventListener("keydown", (event) => {
  if (currentMoment() !== "garden" || document.querySelector("dialog[open]")) return;
  if (event.key === "ArrowRight") turn(1);
  if (event.key === "ArrowLeft") turn(-1);
});

/** @param {Event} click */
function swallowSwipe(click) {
  if (isSwipe) click.stopPropagation();
  isSwipe = false;
}
