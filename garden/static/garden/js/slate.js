/** Which pictures hang: three at a time, going round. */

const SIZE = 3;

/** @typedef {import("./visit.js").Picture} Picture */

export class Slates {
  /** @param {Picture[]} pictures */
  constructor(pictures) {
    this.pictures = pictures;
    this.start = 0;
  }

  /** @returns {Picture[]} */
  get shown() {
    const { pictures, start } = this;
    const size = Math.min(SIZE, pictures.length);
    return Array.from({ length: size }, (_, i) => pictures[(start + i) % pictures.length]);
  }

  /** Where in the garden the visitor is, counted from 1. */
  get numbers() {
    const count = this.pictures.length;
    const last = (this.start + Math.min(SIZE, count) - 1) % count;
    return { first: this.start + 1, last: last + 1, count };
  }

  /** @param {1 | -1} direction */
  turn(direction) {
    const count = this.pictures.length;
    if (count > 0) this.start = (this.start + direction * SIZE + count * SIZE) % count;
  }
}

/**
 * The favorites that hang in a garden, the most common first.
 * @param {Picture[]} pictures
 * @param {number} most
 */
export function favoritesIn(pictures, most) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const { emotion } of pictures) {
    const favorite = emotion.split("/").slice(1).join("/");
    if (favorite) counts.set(favorite, (counts.get(favorite) ?? 0) + 1);
  }
  return [...counts]
    .sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]))
    .slice(0, most)
    .map(([name]) => name);
}
