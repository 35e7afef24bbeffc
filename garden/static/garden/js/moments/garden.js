import { askGarden, fetchSouvenir, kindOf } from "../api.js";
import { sendLike } from "../likes.js";
import { addMoment, button, currentMoment, onAction, sectionOf, show } from "../stage.js";
import { onForget, visit } from "../visit.js";
import { setWord } from "../words.js";
import { fetchAhead, forgetAhead, hang, hangChips, takeDown } from "./pictures.js";

/**
 * @typedef {import("../visit.js").Garden} Garden
 * @typedef {import("../visit.js").Picture} Picture
 * @typedef {import("./pictures.js").Answer} Answer
 */

const LIMIT = 60;
const MOST_CHIPS = 8;
/** @type {Garden} */
const EMPTY = { landscape: [], portrait: [] };

const section = sectionOf("garden");
const hint = section.querySelector(".garden-hint");
const chips = /** @type {HTMLElement} */ (section.querySelector(".chips"));
const portrait = matchMedia("(orientation: portrait)");

const SIZE = 3;

class Slates {
  /** @param {Picture[]} pictures */
  constructor(pictures) {
    this.pictures = pictures;
    this.start = 0;
  }

  /** @returns {Picture[]} */
  get shown() {
    const { pictures, start } = this;
    const size = Math.min(SIZE, pictures.length);
    return Array.from({ length: size }, (_, i) => pictures[(start + i) % pictures.length]);
  }

  /** Where in the garden the visitor is, counted from 1. */
  get numbers() {
    const count = this.pictures.length;
    const last = (this.start + Math.min(SIZE, count) - 1) % count;
    return { first: this.start + 1, last: last + 1, count };
  }

  /** @param {1 | -1} direction */
  turn(direction) {
    const count = this.pictures.length;
    if (count > 0) this.start = (this.start + direction * SIZE + count * SIZE) % count;
  }
}

let garden = EMPTY;
let slates = new Slates([]);
/** @type {string[]} */
let favorites = [];
let favorite = "";
/** @type {string | undefined} */
let planted;
/** @type {Map<string, Answer>} */
const answers = new Map();

/** Three pictures, large; each like teaches the garden. */
export function addGarden() {
  addMoment("garden", { back: "wheel", enter, leave });
  onAction("garden", "next", () => turn(1));
  onAction("garden", "again", () => void plant());
  onAction("garden", "other", () => show("wheel"));
  onAction("garden", "gift", () => show("gift"));
  listenForTurns(/** @type {HTMLElement} */ (section.querySelector(".pictures")), turn);
  portrait.addEventListener("change", rehang);
  document.addEventListener("languagechange", showChips);
  onForget(forgetGarden);
}

async function enter() {
  const emotion = visit.emotion ?? "calm";
  section.dataset.mood = emotion;
  setWord(section.querySelector("h1"), `garden_${emotion}`);
  if (planted === emotion && slates.pictures.length > 0) return showSlate();
  forgetGarden();
  planted = emotion;
  await plant();
}

function leave() {
  tellUnliked();
  takeDown();
}

function forgetGarden() {
  garden = EMPTY;
  slates = new Slates([]);
  favorites = [];
  favorite = "";
  planted = undefined;
  answers.clear();
  forgetAhead();
  takeDown();
  chips.replaceChildren();
}

/** Ask for the garden of this mood, or of one favorite in it. */
async function plant() {
  const wanted = `${planted}/${favorite}`;
  showState("growing");
  setWord(hint, "garden_growing");
  const { id, generation, gender } = visit;
  const emotion = favorite ? `${planted}/${favorite}` : `${planted}`;
  try {
    const answer = await askGarden({ id, emotion, generation, gender, limit: LIMIT });
    if (wanted === `${planted}/${favorite}` && currentMoment() === "garden") open(answer);
  } catch (error) {
    const kind = kindOf(error);
    if (kind === "forgotten") return;
    showState("trouble");
    setWord(hint, `trouble_${kind}`);
  }
}

/** @param {Garden} answer */
function open(answer) {
  garden = answer;
  if (!favorite) favorites = favoritesIn([...garden.landscape, ...garden.portrait], MOST_CHIPS);
  rehang();
}

function rehang() {
  if (currentMoment() !== "garden") return;
  const [wanted, other] = portrait.matches ? [garden.portrait, garden.landscape] : [garden.landscape, garden.portrait];
  slates = new Slates(wanted.length > 0 ? wanted : other);
  showSlate();
}

function showSlate() {
  showState(slates.pictures.length > 0 ? "open" : "empty");
  setWord(hint, slates.pictures.length > 0 ? "garden_hint" : "garden_empty");
  hang(slates.shown, (picture) => answers.get(picture.key), answer);
  showChips();
  slates.turn(1);
  fetchAhead(slates.shown);
  slates.turn(-1);
}

/** @param {"growing" | "open" | "empty" | "trouble"} state */
function showState(state) {
  section.dataset.state = state;
  if (state !== "open") takeDown();
  button("garden", "next").hidden = state !== "open";
  button("garden", "other").hidden = state !== "empty";
  button("garden", "again").hidden = state !== "trouble";
  button("garden", "gift").hidden = state !== "open";
  offerGift();
}

/** There from the beginning, so that the first like moves nothing. */
function offerGift() {
  button("garden", "gift").disabled = visit.liked.length === 0;
}

function showChips() {
  if (currentMoment() !== "garden") return;
  hangChips(chips, favorites, favorite, (chosen) => {
    tellUnliked();
    favorite = chosen;
    void plant();
  });
}

/** @param {1 | -1} direction */
function turn(direction) {
  if (section.dataset.state !== "open") return;
  tellUnliked();
  slates.turn(direction);
  showSlate();
  setWord(hint, "garden_shown", slates.numbers);
}

/**
 * @param {Picture} picture
 * @param {Answer} given
 */
function answer(picture, given) {
  const before = answers.get(picture.key);
  answers.set(picture.key, given);
  if (given || before === "like") recordLike(picture.key, given === "like");
  visit.liked = visit.liked.filter((liked) => liked.key !== picture.key);
  if (given === "like") {
    visit.liked.push(picture);
    fetchSouvenir(picture);
  }
  offerGift();
  setWord(hint, given === "like" ? "garden_liked" : "garden_hint");
}

/** They were seen and none was liked. */
export function tellUnliked() {
  const { shown } = slates;
  if (section.dataset.state !== "open" || shown.some((picture) => answers.get(picture.key))) return;
  if (shown.length > 0) recordLike(null, true);
}

/**
 * @param {string | null} itemId
 * @param {boolean} like
 */
function recordLike(itemId, like) {
  const impression = slates.shown.map((picture) => picture.key);
  const { recommendationId } = garden;
  sendLike({ id: visit.id, itemId, impression, recommendationId, ...(like ? {} : { like: false }) });
}

/**
 * The favorites that hang in a garden, the most common first.
 * @param {Picture[]} pictures
 * @param {number} most
 */
export function favoritesIn(pictures, most) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const { emotion } of pictures) {
    const favorite = emotion.split("/").slice(1).join("/");
    if (favorite) counts.set(favorite, (counts.get(favorite) ?? 0) + 1);
  }
  return [...counts]
    .sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]))
    .slice(0, most)
    .map(([name]) => name);
}

const FAR_ENOUGH_PX = 60;

/**
 * Swipes and arrow keys. A swipe's own click is swallowed, so that it likes nothing.
 * @param {HTMLElement} area
 * @param {(direction: 1 | -1) => void} onTurn
 */
export function listenForTurns(area, onTurn) {
  let from = { x: 0, y: 0 };
  let swiped = false;
  area.addEventListener("pointerdown", (event) => {
    from = { x: event.clientX, y: event.clientY };
    swiped = false;
  });
  area.addEventListener("pointerup", (event) => {
    const across = event.clientX - from.x;
    swiped = Math.abs(across) > FAR_ENOUGH_PX && Math.abs(across) > 2 * Math.abs(event.clientY - from.y);
    if (swiped) onTurn(across < 0 ? 1 : -1);
  });
  area.addEventListener(
    "click",
    (event) => {
      if (swiped) event.stopPropagation();
      swiped = false;
    },
    { capture: true },
  );
  document.addEventListener("keydown", (event) => {
    if (area.offsetParent === null || document.querySelector("dialog[open]")) return;
    if (event.key === "ArrowRight") onTurn(1);
    if (event.key === "ArrowLeft") onTurn(-1);
  });
}
