/** Marking by key and by hand: one picture, all from the last one to here, or along the way. */

import { say } from "./bar.js";
import { config } from "./config.js";
import { word } from "./words.js";

/**
 * @typedef {Object} Marking
 * @property {() => void} toggle the picture the curator is at
 * @property {() => void} reach from the last one that was marked or unmarked to the current one
 * @property {(steps: number) => void} along mark on the way to another picture
 * @property {() => void} clear
 */

/**
 * Who may neither retouch nor decide only moves.
 * @param {import("./desk.js").Desk} desk
 * @returns {Marking}
 */
export function marking(desk) {
  const { feed, marks } = desk;
  const allowed = config.marking;
  /** @type {number | null} */
  let anchor = null;

  /** @param {number} one @param {number} other places in the list */
  const mark = (one, other) => {
    const [first, last] = one < other ? [one, other] : [other, one];
    const shown = feed.pictures.slice(first, last + 1);
    const ids = shown.filter((picture) => !picture.gone).map((picture) => picture.id);
    if (!marks.add(ids)) say(word("marked_too_many", { most: config.mostMarked }));
  };

  const toggle = () => {
    const { current } = desk;
    if (!allowed || !current) return;
    anchor = current.id;
    if (marks.has(current.id)) marks.drop(current.id);
    else mark(desk.place, desk.place);
  };

  const reach = () => {
    if (!allowed || !desk.current) return;
    const from = anchor !== null && feed.find(anchor) ? feed.placeOf(anchor) : desk.place;
    mark(from, desk.place);
    anchor = desk.current.id;
  };

  /** @param {number} steps */
  const along = (steps) => {
    const from = desk.place;
    desk.move(steps);
    if (!allowed || !desk.current) return;
    mark(from, desk.place);
    anchor = desk.current.id;
  };

  const clear = () => {
    if (marks.count === 0) return;
    marks.clear();
    anchor = null;
    say(word("marked_none"));
  };

  return { toggle, reach, along, clear };
}
