/** One request in two orders: the visitor's own, and newest first. */

import { gettext } from "../../lib/i18n.js";
import { cloneTemplate, element, find, newId } from "../../lib/page.js";
import { config, urlOfPicture } from "../config.js";
import { sentenceOf, showStatus, timedFetch } from "./page.js";

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
  const fields = Object.entries(Object.fromEntries(given)).map(([name, value]) => [name, String(value).trim()]);
  const { id, emotion, favorite, generation, gender, limit } = Object.fromEntries(fields);
  const path = emotion && favorite ? `${emotion}/${favorite}` : emotion;
  return { id, emotion: path, generation, gender, limit: Number(limit) };
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
    const liker = { id: likedBy, recommendationId: answer.data?.recommendationId };
    const items = pictures.map((/** @type {Picture} */ picture, /** @type {number} */ i) =>
      itemOf(picture, i, pictures, liker),
    );
    find(`[data-side="${side}"]`, section).replaceChildren(...items);
    if (items.length === 0) find(`[data-side="${side}"]`, section).append(element("li", gettext("No picture")));
  }
  find("[data-raw]", section).textContent = answer.data ? JSON.stringify(answer.data, null, 2) : answer.text;
  section.hidden = false;
}

const SIDE = 320;
const TOGETHER = 3;

/**
 * @typedef {{url: string, key: string, emotion: string, score?: number}} Picture
 * @typedef {{id: string, recommendationId: string}} Liker nobody's if the id is empty
 */

/** @param {Picture} picture @param {number} place @param {Picture[]} pictures @param {Liker} liker */
function itemOf(picture, place, pictures, liker) {
  const item = cloneTemplate("picture-template");
  const image = /** @type {HTMLImageElement} */ (find("img", item));
  image.alt = picture.emotion;
  image.src = urlOfPicture(picture.key, SIDE);
  const number = place + 1;
  const score = picture.score === undefined ? [] : [gettext("score {score}", { score: picture.score.toFixed(3) })];
  find("[data-number]", item).textContent = [number, ...score].join(" · ");
  find("[data-key]", item).textContent = picture.key;
  const button = find("button", item);
  button.hidden = !liker.id;
  button.setAttribute("aria-label", gettext("Like picture {number}", { number }));
  // The three that a kiosk would have shown together.
  const first = place - (place % TOGETHER);
  const impression = pictures.slice(first, first + TOGETHER).map(({ key }) => key);
  button.addEventListener("click", () => void like(button, { ...liker, itemId: picture.key, impression }));
  return item;
}

/** @param {HTMLElement} button @param {Liker & {itemId: string, impression: string[]}} said */
async function like(button, said) {
  const like = button.getAttribute("aria-pressed") !== "true";
  const { status } = await timedFetch(config.paths.like, { data: { ...said, like, eventId: newId() } });
  if (status !== 200) return showStatus(gettext("The like was refused ({status}).", { status }));
  button.setAttribute("aria-pressed", String(like));
  showStatus(like ? gettext("The like was recorded.") : gettext("The like was withdrawn."));
}
