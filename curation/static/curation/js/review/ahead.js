/** The next pictures, fetched and decoded before the curator gets there. */

/** @typedef {import("./feed.js").Picture} Picture */

export const AHEAD = 6;
const BEHIND = 2;

export class Ahead {
  /** @type {Map<string, HTMLImageElement>} */
  #images = new Map();

  /**
   * @param {Picture[]} pictures
   * @param {number} place
   * @param {1 | -1} way where the curator is going
   */
  prepare(pictures, place, way) {
    const [back, on] = way > 0 ? [BEHIND, AHEAD] : [AHEAD, BEHIND];
    const wanted = pictures.slice(Math.max(0, place - back), place + on + 1).map((picture) => picture.url);
    const nearest = pictures[place]?.url;
    for (const [url, image] of this.#images) if (!wanted.includes(url)) this.#forget(url, image);
    if (nearest) this.imageOf(nearest);
    for (const url of way > 0 ? wanted : wanted.reverse()) this.imageOf(url);
  }

  /** @param {string} url */
  imageOf(url) {
    const known = this.#images.get(url);
    if (known) return known;
    const image = new Image();
    image.src = url;
    image.decode().catch(() => {});
    this.#images.set(url, image);
    return image;
  }

  /**
   * @param {string} url
   * @param {HTMLImageElement} image
   */
  #forget(url, image) {
    if (!image.complete) image.removeAttribute("src");
    this.#images.delete(url);
  }
}
