/** A picture of the list: its tile, and what was decided about it in a sign and in words, never by colour alone. */

import { gettext, ngettext } from "../../../garden/lib/i18n.js";
import { cloneTemplate, find, setText } from "../../../garden/lib/page.js";
import { config } from "./config.js";

/** @typedef {import("./config.js").Picture} Picture */

/** @param {Picture} picture */
export function makeTile(picture) {
  const tile = cloneTemplate("tile-template");
  tile.id = `tile-${picture.id}`;
  tile.dataset.id = String(picture.id);
  const image = /** @type {HTMLImageElement} */ (find("img", tile));
  image.onerror = () => {
    // A small picture may not be made yet.
    image.onerror = () => tile.classList.add("is-missing");
    image.src = picture.url;
  };
  image.src = picture.thumb;
  return tile;
}

/** @param {HTMLElement} tile @param {Picture} picture */
export function markTile(tile, picture) {
  tile.dataset.verdict = verdictOf(picture);
  tile.setAttribute("aria-label", sentenceOf(picture));
  setText(find(".tile-sign", tile), signOf(picture));
  setText(find(".tile-stars", tile), starsOf(picture));
  setText(find(".tile-alike", tile), picture.alike ? `≈ ${picture.alike}` : "");
  setText(find(".tile-by", tile), picture.by ?? "");
  if (config.filter.state === "all") setText(find(".tile-state", tile), labelOf(picture.state));
}

/** @param {HTMLElement} tile */
export function discardTile(tile) {
  const image = /** @type {HTMLImageElement} */ (find("img", tile));
  if (!image.complete) image.removeAttribute("src");
  tile.remove();
}

/** @type {Record<string, string>} */
const SIGNS = { like: "♥", dislike: "✕", disputed: "≠", gone: "⊘" };

/** The own vote while others are missing: a blind vote is visible to its curator only. @param {Picture} picture */
export function verdictOf(picture) {
  return picture.gone ? "gone" : picture.verdict || picture.mine?.verdict || "";
}

/** @param {Picture} picture */
export function signOf(picture) {
  return SIGNS[verdictOf(picture)] ?? "";
}

/** @param {Picture} picture */
function ratingOf(picture) {
  return picture.mine?.rating ?? picture.rating ?? 0;
}

/** @param {Picture} picture */
export function starsOf(picture) {
  return "★".repeat(ratingOf(picture));
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

/** A picture in one sentence, for who does not see it. @param {Picture} picture */
export function sentenceOf(picture) {
  const rating = ratingOf(picture);
  const parts = [
    gettext("picture {id}", { id: String(picture.id) }),
    moodOf(picture),
    labelOf(picture.orientation),
    labelOf(verdictOf(picture) || "undecided"),
  ];
  if (config.filter.state === "all") parts.push(labelOf(picture.state));
  if (rating) parts.push(gettext("{rating} of 5 stars", { rating }));
  if (picture.alike) parts.push(ngettext("{count} near duplicate", "{count} near duplicates", picture.alike));
  if (picture.by) parts.push(gettext("decided by {name}", { name: picture.by }));
  return parts.join(", ");
}
