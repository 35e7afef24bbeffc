/** One picture as large as the window, in a dark room. */

import { gettext } from "../../../garden/lib/i18n.js";
import { find, findAll, setText } from "../../../garden/lib/page.js";
import { listing } from "./listing.js";
import { marks } from "./marks.js";
import { labelOf, moodOf, sentenceOf, signOf, starsOf, verdictOf } from "./tile.js";

const AHEAD = 6;
const BEHIND = 4;
const FAR_ENOUGH_PX = 50;
const room = find(".one");
const stage = find(".one-stage");
/** Loaded before they are shown, by their address. @type {Map<string, HTMLImageElement>} */
const images = new Map();
/** Where a swipe began. @type {{x: number, y: number} | null} */
let swipe = null;

listing.addEventListener("look", () => {
  const isOpen = listing.view === "one";
  room.hidden = !isOpen;
  document.body.classList.toggle("is-one", isOpen);
  for (const element of findAll("[data-behind]")) element.inert = isOpen;
  if (isOpen) show();
  else stage.replaceChildren();
});
listing.addEventListener("move", show);
listing.addEventListener("change", describe);
marks.addEventListener("change", describe);

stage.addEventListener("pointerdown", (event) => {
  swipe = event.isPrimary ? { x: event.clientX, y: event.clientY } : null;
});
stage.addEventListener("pointercancel", () => {
  swipe = null;
});
// To the left goes on, to the right goes back.
stage.addEventListener("pointerup", (event) => {
  if (!swipe) return;
  const across = event.clientX - swipe.x;
  const along = event.clientY - swipe.y;
  swipe = null;
  if (Math.abs(across) > Math.max(FAR_ENOUGH_PX, 1.5 * Math.abs(along))) listing.move(across < 0 ? 1 : -1);
});

function show() {
  const { current, place, view } = listing;
  if (view !== "one" || !current) return;
  const image = imageOf(current.url);
  image.alt = sentenceOf(current);
  image.draggable = false;
  if (stage.firstElementChild !== image) stage.replaceChildren(image);
  prepare(place);
  describe();
}

function describe() {
  const { current, view } = listing;
  if (view !== "one" || !current) return;
  const verdict = verdictOf(current);
  room.dataset.verdict = verdict;
  const marked = marks.has(current.id) ? `☑ ${gettext("marked")}` : "";
  const by = current.by ? gettext("decided by {name}", { name: current.by }) : "";
  const decided = [signOf(current), labelOf(verdict || "undecided"), starsOf(current), marked, by];
  setText(find(".one-verdict"), decided.filter(Boolean).join(" "));
  setText(find(".one-title"), [`№ ${current.id}`, moodOf(current), labelOf(current.orientation)].join(" · "));
  setText(find(".one-prompt"), current.prompt || current.key);
  setText(find(".one-made"), [current.model, `${current.width} × ${current.height}`].filter(Boolean).join(" · "));
}

/** The pictures around, those that come next first. @param {number} place */
function prepare(place) {
  const ahead = listing.pictures.slice(place, place + AHEAD + 1);
  const behind = listing.pictures.slice(Math.max(0, place - BEHIND), place);
  const near = new Set([...ahead, ...behind.reverse()].map(({ url }) => url));
  for (const [url, image] of images) {
    if (near.has(url)) continue;
    if (!image.complete) image.removeAttribute("src");
    images.delete(url);
  }
  for (const url of near) imageOf(url);
}

/** @param {string} url */
function imageOf(url) {
  const known = images.get(url);
  if (known) return known;
  const image = new Image();
  image.src = url;
  image.decode().catch(() => {});
  images.set(url, image);
  return image;
}
