/** A picture of the list: its tile, and what was decided about it in a sign and in words, never by colour alone. */

import { gettext, ngettext } from "../../../garden/lib/i18n.js";
import { setText } from "../../../garden/lib/page.js";
import { config } from "./config.js";

/** @typedef {import("./picture_list.js").Picture} Picture */

const template = /** @type {HTMLTemplateElement} */ (document.getElementById("tile-template"));

/** @param {Picture} picture */
export function makeTile(picture) {
  const tile = /** @type {HTMLElement} */ (template.content.firstElementChild?.cloneNode(true));
  tile.id = `tile-${picture.id}`;
  tile.dataset.id = String(picture.id);
  const image = /** @type {HTMLImageElement} */ (tile.querySelector("img"));
  image.addEventListener("error", () => showWhole(image, picture), { once: true });
  image.src = picture.thumb;
  markTile(tile, picture);
  return tile;
}

/**
 * @param {HTMLElement} tile
 * @param {Picture} picture
 */
export function markTile(tile, picture) {
  tile.dataset.verdict = verdictOf(picture);
  tile.setAttribute("aria-label", sentenceOf(picture));
  write(tile, ".tile-sign", signOf(picture));
  write(tile, ".tile-stars", starsOf(picture));
  write(tile, ".tile-alike", picture.alike ? `≈ ${picture.alike}` : "");
  write(tile, ".tile-by", picture.by ?? "");
  if (config.filter.state === "all") write(tile, ".tile-state", labelOf(picture.state));
}

/**
 * Whether it is marked.
 * @param {HTMLElement} tile
 * @param {boolean} checked
 */
export function checkTile(tile, checked) {
  tile.setAttribute("aria-checked", String(checked));
}

/** @param {HTMLElement} tile */
export function discardTile(tile) {
  const image = tile.querySelector("img");
  if (image && !image.complete) image.removeAttribute("src");
  tile.remove();
}

/**
 * A small picture may not be made yet.
 * @param {HTMLImageElement} image
 * @param {Picture} picture
 */
function showWhole(image, picture) {
  image.addEventListener("error", () => image.closest(".tile")?.classList.add("is-missing"), { once: true });
  image.src = picture.url;
}

/**
 * @param {HTMLElement} tile
 * @param {string} part
 * @param {string} text
 */
function write(tile, part, text) {
  const element = /** @type {HTMLElement} */ (tile.querySelector(part));
  setText(element, text);
}

/** The own vote while others are missing: a blind vote is visible to its curator only. */
const SIGNS = { like: "♥", dislike: "✕", disputed: "≠", gone: "⊘" };

/**
 * @param {Picture} picture
 * @returns {"like" | "dislike" | "disputed" | "gone" | ""}
 */
export function verdictOf(picture) {
  if (picture.gone) return "gone";
  return /** @type {"like" | "dislike" | "disputed" | ""} */ (picture.verdict || picture.mine?.verdict || "");
}

/** @param {Picture} picture */
export function signOf(picture) {
  const verdict = verdictOf(picture);
  return verdict && SIGNS[verdict];
}

/** @param {Picture} picture */
export function ratingOf(picture) {
  return picture.mine?.rating ?? picture.rating ?? 0;
}

/** @param {Picture} picture */
export function starsOf(picture) {
  const rating = ratingOf(picture);
  return rating ? "★".repeat(rating) : "";
}

/** What an emotion, an orientation, a state or a verdict is called. @param {string} value */
export function labelOf(value) {
  return config.labels[value] ?? value;
}

/** @param {Picture} picture */
export function moodOf(picture) {
  const mood = picture.emotion ? labelOf(picture.emotion) : gettext("no emotion yet");
  return picture.favorite ? `${mood} · ${picture.favorite}` : mood;
}

/**
 * A picture in one sentence, for who does not see it.
 * @param {Picture} picture
 */
export function sentenceOf(picture) {
  const verdict = labelOf(verdictOf(picture) || "undecided");
  const rating = ratingOf(picture);
  const parts = [
    gettext("picture {id}", { id: String(picture.id) }),
    moodOf(picture),
    labelOf(picture.orientation),
    verdict,
  ];
  if (config.filter.state === "all") parts.push(labelOf(picture.state));
  if (rating) parts.push(gettext("{rating} of 5 stars", { rating }));
  if (picture.alike) parts.push(ngettext("{count} near duplicate", "{count} near duplicates", picture.alike));
  if (picture.by) parts.push(gettext("decided by {name}", { name: picture.by }));
  return parts.join(", ");
}
