/** Pictures as they are made: the newest first, no more of them than a page can carry. */

import { moodOf, word } from "./config.js";

/**
 * @typedef {Object} Made
 * @property {number} slot
 * @property {number | null} image
 * @property {string} key
 * @property {string} url
 * @property {string} thumb
 * @property {string} emotion
 * @property {string} orientation
 * @property {number} width
 * @property {number} height
 * @property {string} prompt
 * @property {string} finishedAt
 */

const MOST = 120;
/** Small copies are made in the background: so long after the picture there is likely none. */
const THUMB_AFTER_MS = 60000;

export class Tiles {
  /** @type {Set<number>} */
  #shown = new Set();

  /** @param {HTMLElement} list */
  constructor(list) {
    this.list = list;
  }

  /** @param {Made[]} pictures the earliest first; some may have come before */
  add(pictures) {
    for (const picture of pictures) {
      if (this.#shown.has(picture.slot) || picture.image === null) continue;
      this.#shown.add(picture.slot);
      this.list.prepend(tileOf(picture));
    }
    while (this.list.childElementCount > MOST) this.list.lastElementChild?.remove();
  }
}

/** @param {Made} picture */
function tileOf(picture) {
  const tile = document.createElement("li");
  tile.className = "bulk-tile";
  tile.dataset.key = picture.key;
  const link = document.createElement("a");
  link.href = picture.url;
  link.target = "_blank";
  link.rel = "noopener";
  link.title = picture.prompt;
  link.append(imageOf(picture));
  tile.append(link);
  return tile;
}

/** @param {Made} picture */
function imageOf(picture) {
  const image = document.createElement("img");
  const orientation = word(`orientation_${picture.orientation}`);
  image.alt = word("picture_alt", { emotion: moodOf(picture.emotion), orientation });
  image.width = picture.width;
  image.height = picture.height;
  image.loading = "lazy";
  image.decoding = "async";
  if (Date.now() - Date.parse(picture.finishedAt) > THUMB_AFTER_MS) {
    image.addEventListener("error", () => image.setAttribute("src", picture.url), { once: true });
    image.src = picture.thumb;
  } else {
    image.src = picture.url;
  }
  return image;
}
