/** Pictures of an answer in their order, with what the answer says of each; those for a visitor can be liked. */

import { config } from "../config.js";
import { newId } from "../ids.js";
import { word } from "../words.js";
import { askJson, element } from "./page.js";

const SIDE = 320;
const TOGETHER = 3;

/**
 * @typedef {{url: string, key: string, emotion: string, score?: number}} Picture
 * @typedef {{id: string, recommendationId: string, say: (text: string) => void}} Liker
 */

/**
 * @param {HTMLElement} list
 * @param {Picture[]} pictures
 * @param {Liker | null} liker
 */
export function hangPictures(list, pictures, liker) {
  list.replaceChildren(...pictures.map((picture, i) => itemOf(picture, i + 1, pictures, liker)));
  if (pictures.length === 0) list.append(element("li", word("none")));
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
  const score = picture.score === undefined ? "" : ` · ${word("score", { score: picture.score.toFixed(3) })}`;
  line.append(element("span", `${number}${score}`));
  if (liker) line.append(likeButton(picture, number, shownWith(number, pictures), liker));
  item.append(image, line, element("small", picture.key));
  return item;
}

/**
 * The three that a kiosk would have shown together.
 * @param {number} number
 * @param {Picture[]} pictures
 */
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
function likeButton(picture, number, impression, { id, recommendationId, say }) {
  const button = /** @type {HTMLButtonElement} */ (element("button", "♥"));
  button.type = "button";
  button.className = "try-like";
  button.setAttribute("aria-label", word("like", { number }));
  button.setAttribute("aria-pressed", "false");
  button.addEventListener("click", async () => {
    const like = button.getAttribute("aria-pressed") !== "true";
    const said = { id, itemId: picture.key, impression, recommendationId, like, eventId: newId() };
    const { status } = await askJson(config.paths.like, said);
    if (status === 200) button.setAttribute("aria-pressed", String(like));
    say(status === 200 ? word(like ? "liked" : "taken_back") : word("not_liked", { status }));
  });
  return button;
}
