/** One wish, answered twice: in the visitor's own order, and newest first. */

import { config } from "../config.js";
import { newId } from "../ids.js";
import { word } from "../words.js";
import { askJson, find, sentenceOf } from "./page.js";
import { hangPictures } from "./pictures.js";

const form = /** @type {HTMLFormElement} */ (find("[data-form]"));
const visitor = /** @type {HTMLInputElement} */ (form.elements.namedItem("id"));
visitor.value ||= newId();

/** Grows with each wish, so that the answer to an earlier one is not shown. */
let turn = 0;

form.addEventListener("submit", (event) => {
  event.preventDefault();
  void askBoth();
});

async function askBoth() {
  const mine = ++turn;
  say(word("asking"));
  const wish = wishIn(new FormData(form));
  const [own, newest] = await Promise.all([
    askJson(config.paths.garden, wish),
    wish.emotion ? askJson(config.paths.newest, wish) : null,
  ]);
  if (mine !== turn) return;
  say("");
  show("garden", own, own.data && word(own.data.personalized ? "personalized" : "not_personalized"), wish.id);
  if (newest) show("newest", newest, "", "");
  find('[data-answer="newest"]').hidden = !newest;
}

/** @param {FormData} given */
function wishIn(given) {
  /** @param {string} name */
  const field = (name) => String(given.get(name) ?? "").trim();
  const emotion = field("emotion") && field("favorite") ? `${field("emotion")}/${field("favorite")}` : field("emotion");
  const { id, generation, gender } = { id: field("id"), generation: field("generation"), gender: field("gender") };
  return { id, emotion, generation, gender, limit: Number(field("limit")) };
}

/**
 * @param {string} name
 * @param {import("./page.js").Answered} answer
 * @param {string} order
 * @param {string} likedBy the visitor who may like these; nobody where it is empty
 */
function show(name, answer, order, likedBy) {
  const section = find(`[data-answer="${name}"]`);
  const well = answer.status === 200;
  find("[data-about]", section).textContent = [sentenceOf(answer), well ? order : ""].filter(Boolean).join(". ");
  for (const side of ["landscape", "portrait"]) {
    const pictures = well ? answer.data[side] : [];
    const like = likedBy ? { id: likedBy, recommendationId: answer.data?.recommendationId, say } : null;
    hangPictures(find(`[data-side="${side}"]`, section), pictures, like);
  }
  find("[data-raw]", section).textContent = answer.data ? JSON.stringify(answer.data, null, 2) : answer.text;
  section.hidden = false;
}

/** @param {string} text */
function say(text) {
  find("[data-said]").textContent = text;
}
