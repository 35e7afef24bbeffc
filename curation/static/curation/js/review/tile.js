/** One picture of the grid. */

import { sentenceOf, signOf, starsOf, verdictOf } from "./verdicts.js";

/** @typedef {import("./feed.js").Picture} Picture */

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
}

/**
 * Whether it is marked; where nobody may mark, tiles have no such state.
 * @param {HTMLElement} tile
 * @param {boolean} checked
 */
export function checkTile(tile, checked) {
  if (tile.hasAttribute("aria-checked")) tile.setAttribute("aria-checked", String(checked));
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
  if (element.textContent !== text) element.textContent = text;
}
