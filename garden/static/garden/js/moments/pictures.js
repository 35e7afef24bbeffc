/** Hanging three pictures, each with its like and its dislike. */

import { cloneTemplate, find, findAll } from "../../lib/page.js";
import { urlForScreen } from "../config.js";
import { button } from "../stage.js";
import { visit } from "../visit.js";
import { hasWord, needLetters, word } from "../words.js";
import { makeFlower } from "./mood.js";

/** @import { Picture } from "../visit.js" */
/** @typedef {"like" | "dislike" | undefined} Answer */

const wall = find(".pictures");

/** Pictures fetched and decoded before they hang, by address. @type {Map<string, HTMLImageElement>} */
const ahead = new Map();

/**
 * @param {Picture[]} pictures
 * @param {Map<string, Answer>} answers by key
 * @param {(picture: Picture, answer: Answer) => void} onAnswer
 */
export function hang(pictures, answers, onAnswer) {
  const hadFocus = wall.contains(document.activeElement);
  wall.dataset.count = String(pictures.length);
  wall.replaceChildren(...pictures.map((picture, i) => makeFrame(picture, i + 1, answers.get(picture.key), onAnswer)));
  if (hadFocus) find(".answer-like", wall)?.focus();
}

export function takeDown() {
  wall.replaceChildren();
}

/** Fetch and decode pictures ahead, so that Next shows them at once. @param {Picture[]} pictures */
export function fetchAhead(pictures) {
  const wanted = pictures.map(urlForScreen);
  for (const url of ahead.keys()) if (!wanted.includes(url)) ahead.delete(url);
  for (const url of wanted) if (!ahead.has(url)) ahead.set(url, fetchImage(url));
}

/** Pictures of an earlier visitor are discarded. */
export function forgetAhead() {
  ahead.clear();
}

/** One that is still on its way appears when it is there. @param {string} url */
function fetchImage(url) {
  const image = new Image();
  image.className = "picture-image fill";
  image.draggable = false;
  image.src = url;
  image.decode().then(
    () => image.classList.add("is-loaded"),
    () => ahead.delete(url),
  );
  return image;
}

/** A favorite in the visitor's words: `spring,cloudy,day` → `spring, cloudy, daytime`. @param {string} favorite */
export function favoriteName(favorite) {
  const parts = favorite.split(",").map((part) => part.trim());
  needLetters(parts.filter((part) => !hasWord(`favorite_${part}`)).join());
  return parts.map((part) => (hasWord(`favorite_${part}`) ? word(`favorite_${part}`) : part)).join(", ");
}

/**
 * @param {Picture} picture
 * @param {number} number
 * @param {Answer} answer
 * @param {(picture: Picture, answer: Answer) => void} onAnswer
 */
export function makeFrame(picture, number, answer, onAnswer) {
  const figure = cloneTemplate("picture-template");
  const url = urlForScreen(picture);
  const image = ahead.get(url) ?? fetchImage(url);
  ahead.delete(url);
  figure.prepend(image);
  figure.dataset.number = String(number);
  figure.dataset.emotion = picture.emotion;
  find(".bloom", figure).append(makeFlower(picture.emotion.split("/")[0]));
  label(figure);
  mark(figure, answer);
  /** @param {Answer} wanted */
  const give = (wanted) => {
    const given = figure.dataset.answer === wanted ? undefined : wanted;
    mark(figure, given);
    figure.classList.add("is-fresh");
    onAnswer(picture, given);
  };
  find(".answer-like", figure).addEventListener("click", () => give("like"));
  find(".answer-dislike", figure).addEventListener("click", () => give("dislike"));
  image.addEventListener("click", () => give("like"));
  return figure;
}

/** @param {HTMLElement} figure */
function label(figure) {
  const number = figure.dataset.number ?? "";
  const [emotion, ...rest] = (figure.dataset.emotion ?? "").split("/");
  const mood = [word(`mood_${emotion}`), ...rest.map(favoriteName)].join(", ");
  find("img", figure).setAttribute("alt", word("picture_alt", { number, mood }));
  find(".answer-like", figure).setAttribute("aria-label", word("picture_like", { number }));
  find(".answer-dislike", figure).setAttribute("aria-label", word("picture_dislike", { number }));
}

/** @param {HTMLElement} figure @param {Answer} answer */
function mark(figure, answer) {
  figure.dataset.answer = answer ?? "";
  for (const each of ["like", "dislike"]) {
    find(`.answer-${each}`, figure).setAttribute("aria-pressed", String(answer === each));
  }
}

document.addEventListener("languagechange", () => {
  for (const figure of findAll("figure")) label(figure);
});

/** There from the beginning, so that the first like moves nothing. @param {"garden" | "grow"} moment */
export function offerGift(moment) {
  const gift = button(moment, "gift");
  gift.disabled = gift.dataset.show === "gift" && visit.liked.length === 0;
}
