/** One request in two orders: the visitor's own, and newest first. */

import { gettext } from "../../lib/i18n.js";
import { element, find, newId } from "../../lib/page.js";
import { config } from "../config.js";
import { sentenceOf, timedFetch } from "./page.js";

const form = /** @type {HTMLFormElement} */ (find("[data-form]"));
const visitor = /** @type {HTMLInputElement} */ (form.elements.namedItem("id"));
visitor.value ||= newId();

/** Increases with each request, so that the answer to an earlier one is not shown. */
let turn = 0;

form.addEventListener("submit", (event) => {
  event.preventDefault();
  void askBoth();
});

async function askBoth() {
  const mine = ++turn;
  showStatus(gettext("Waiting for the response …"));
  const request = requestOf(new FormData(form));
  const [own, newest] = await Promise.all([
    timedFetch(config.paths.garden, { data: request }),
    request.emotion ? timedFetch(config.paths.newest, { data: request }) : null,
  ]);
  if (mine !== turn) return;
  showStatus("");
  show("garden", own, own.data && orderOf(own.data), request.id);
  if (newest) show("newest", newest, "", "");
  find('[data-answer="newest"]').hidden = !newest;
}

/** @param {{personalized: boolean}} garden */
function orderOf({ personalized }) {
  if (personalized) return gettext("Ranked for this visitor");
  return gettext("Not ranked for this visitor: the recommender is unavailable");
}

/** @param {FormData} given */
function requestOf(given) {
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
 * @param {string} likedBy the visitor who may like these; nobody if empty
 */
function show(name, answer, order, likedBy) {
  const section = find(`[data-answer="${name}"]`);
  const well = answer.status === 200;
  find("[data-about]", section).textContent = [sentenceOf(answer), well ? order : ""].filter(Boolean).join(". ");
  for (const side of ["landscape", "portrait"]) {
    const pictures = well ? answer.data[side] : [];
    const like = likedBy ? { id: likedBy, recommendationId: answer.data?.recommendationId, showStatus } : null;
    hangPictures(find(`[data-side="${side}"]`, section), pictures, like);
  }
  find("[data-raw]", section).textContent = answer.data ? JSON.stringify(answer.data, null, 2) : answer.text;
  section.hidden = false;
}

/** @param {string} text */
function showStatus(text) {
  find("[data-status]").textContent = text;
}

const SIDE = 320;
const TOGETHER = 3;

/**
 * @typedef {{url: string, key: string, emotion: string, score?: number}} Picture
 * @typedef {{id: string, recommendationId: string, showStatus: (text: string) => void}} Liker
 */

/**
 * @param {HTMLElement} list
 * @param {Picture[]} pictures
 * @param {Liker | null} liker
 */
export function hangPictures(list, pictures, liker) {
  list.replaceChildren(...pictures.map((picture, i) => itemOf(picture, i + 1, pictures, liker)));
  if (pictures.length === 0) list.append(element("li", gettext("No picture")));
}

/**
 * @param {Picture} picture
 * @param {number} number
 * @param {Picture[]} pictures
 * @param {Liker | null} liker
 */
function itemOf(picture, number, pictures, liker) {
  const item = element("li");
  const image = document.createElement("img");
  image.loading = "lazy";
  image.alt = picture.emotion;
  image.src = `${config.paths.picture}${SIDE}/${picture.key.split("/").map(encodeURIComponent).join("/")}`;
  const line = element("p");
  const score = picture.score === undefined ? [] : [gettext("score {score}", { score: picture.score.toFixed(3) })];
  line.append(element("span", [number, ...score].join(" · ")));
  if (liker) line.append(likeButton(picture, number, shownWith(number, pictures), liker));
  item.append(image, line, element("small", picture.key));
  return item;
}

/** The three that a kiosk would have shown together. @param {number} number @param {Picture[]} pictures */
function shownWith(number, pictures) {
  const first = Math.floor((number - 1) / TOGETHER) * TOGETHER;
  return pictures.slice(first, first + TOGETHER).map(({ key }) => key);
}

/**
 * @param {Picture} picture
 * @param {number} number
 * @param {string[]} impression
 * @param {Liker} liker
 */
function likeButton(picture, number, impression, { id, recommendationId, showStatus }) {
  const button = /** @type {HTMLButtonElement} */ (element("button", "♥"));
  button.type = "button";
  button.className = "try-like";
  button.setAttribute("aria-label", gettext("Like picture {number}", { number }));
  button.setAttribute("aria-pressed", "false");
  button.addEventListener("click", async () => {
    const like = button.getAttribute("aria-pressed") !== "true";
    const said = { id, itemId: picture.key, impression, recommendationId, like, eventId: newId() };
    const { status } = await timedFetch(config.paths.like, { data: said });
    if (status === 200) button.setAttribute("aria-pressed", String(like));
    if (status !== 200) showStatus(gettext("The like was refused ({status}).", { status }));
    else showStatus(like ? gettext("The like was recorded.") : gettext("The like was withdrawn."));
  });
  return button;
}
