/** One request in two orders: the visitor's own, and newest first. */

import { gettext } from "../../lib/i18n.js";
import { cloneTemplate, element, find, newId } from "../../lib/page.js";
import { showStatus } from "../../lib/status.js";
import { config, urlOfPicture } from "../config.js";
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
  show("garden", own, request.id);
  if (newest) show("newest", newest, "");
  find('[data-answer="newest"]').hidden = !newest;
}

/** @param {FormData} given */
function requestOf(given) {
  const fields = /** @type {Record<string, string>} */ (Object.fromEntries(given));
  const { emotion, generation, gender, limit } = fields;
  const favorite = fields.favorite.trim();
  const path = emotion && favorite ? `${emotion}/${favorite}` : emotion;
  return { id: fields.id.trim(), emotion: path, generation, gender, limit: Number(limit) };
}

/**
 * @param {string} name
 * @param {import("./page.js").Answered} answer
 * @param {string} likedBy the visitor who may like these; nobody if empty
 */
function show(name, answer, likedBy) {
  const section = find(`[data-answer="${name}"]`);
  const { status, data, text } = answer;
  const about = [sentenceOf(answer)];
  if (data?.personalized === true) about.push(gettext("Ranked for this visitor"));
  if (data?.personalized === false) {
    about.push(gettext("Not ranked for this visitor: the recommender is unavailable"));
  }
  find("[data-about]", section).textContent = about.join(". ");
  for (const side of ["landscape", "portrait"]) {
    /** @type {Picture[]} */
    const pictures = status === 200 ? data[side] : [];
    const liker = { id: likedBy, recommendationId: data?.recommendationId };
    const items = pictures.map((_picture, place) => itemOf(pictures, place, liker));
    find(`[data-side="${side}"]`, section).replaceChildren(
      ...(items.length > 0 ? items : [element("li", gettext("No picture"))]),
    );
  }
  find("[data-raw]", section).textContent = data ? JSON.stringify(data, null, 2) : text;
  section.hidden = false;
}

const SIDE = 320;
const TOGETHER = 3;

/**
 * @typedef {{url: string, key: string, emotion: string, score?: number}} Picture
 * @typedef {{id: string, recommendationId: string}} Liker nobody's if the id is empty
 */

/** @param {Picture[]} pictures @param {number} place @param {Liker} liker */
function itemOf(pictures, place, liker) {
  const picture = pictures[place];
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
