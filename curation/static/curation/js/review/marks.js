/** Which pictures are marked: in whatever list they are, and wherever the list is scrolled. */

import { gettext, interpolate } from "../../../garden/lib/i18n.js";
import { find, findAll, setText } from "../../../garden/lib/page.js";
import { showStatus } from "../../../garden/lib/status.js";
import { keepMarked, markedBy } from "../marked.js";
import { config } from "./config.js";
import { listing } from "./listing.js";

/** A tab that is killed loses the marks of so long: writing sorts all of them. */
const KEEP_AFTER_MS = 500;

/** Says `change` with the ids that were marked or unmarked. */
class Marks extends EventTarget {
  #ids = new Set(markedBy(config.user));
  /** The last picture that was marked or unmarked. @type {number | null} */
  #anchor = null;
  /** Runs while there are marks to be kept. */
  #timer = 0;

  get count() {
    return this.#ids.size;
  }

  get all() {
    return [...this.#ids];
  }

  /** The marked pictures, or the current one. */
  get orCurrent() {
    if (this.count > 0) return this.all;
    return listing.current ? [listing.current.id] : [];
  }

  /** @param {number} id */
  has(id) {
    return this.#ids.has(id);
  }

  /** Exactly these, as far as a batch can have them. @param {number[]} ids */
  set(ids) {
    const before = this.#ids;
    this.#ids = new Set(ids.slice(0, config.mostMarked));
    this.#notify([...before, ...this.#ids].filter((id) => before.has(id) !== this.#ids.has(id)));
  }

  /** For a reload and for the page of batches. */
  keep() {
    if (!this.#timer) return;
    clearTimeout(this.#timer);
    this.#timer = 0;
    keepMarked(config.user, this.#ids);
  }

  clear() {
    if (this.count === 0) return;
    this.set([]);
    this.#anchor = null;
    showStatus(gettext("No picture is marked any more."));
  }

  /** The current picture. */
  toggle() {
    const { current, place } = listing;
    if (!current) return;
    this.#anchor = current.id;
    if (this.#ids.delete(current.id)) this.#notify([current.id]);
    else this.#add(place, place);
  }

  /** All from the last one that was marked or unmarked to the current one. */
  reach() {
    const isThere = this.#anchor !== null && listing.find(this.#anchor);
    this.#add(isThere ? listing.placeOf(isThere.id) : listing.place, listing.place);
    this.#anchor = listing.at;
  }

  /** All on the way to another picture. @param {number} steps */
  along(steps) {
    const from = listing.place;
    listing.move(steps);
    this.#add(from, listing.place);
    this.#anchor = listing.at;
  }

  /** @param {number} one @param {number} other places in the list */
  #add(one, other) {
    const shown = listing.pictures.slice(Math.min(one, other), Math.max(one, other) + 1);
    const ids = shown.filter(({ id, gone }) => !gone && !this.has(id)).map(({ id }) => id);
    if (this.count + ids.length > config.mostMarked) {
      return showStatus(gettext("At most {most} pictures can be marked.", { most: config.mostMarked }));
    }
    for (const id of ids) this.#ids.add(id);
    this.#notify(ids);
  }

  /** @param {number[]} ids that were marked or unmarked */
  #notify(ids) {
    if (ids.length === 0) return;
    this.#timer ||= window.setTimeout(() => this.keep(), KEEP_AFTER_MS);
    this.dispatchEvent(new CustomEvent("change", { detail: ids }));
  }
}

export const marks = new Marks();
marks.addEventListener("change", showMarks);
listing.addEventListener("move", showMarks);
window.addEventListener("pagehide", () => marks.keep());
// The page may come back as it was left, after its marks became a batch.
window.addEventListener("pageshow", ({ persisted }) => {
  if (persisted) marks.set(markedBy(config.user));
});

/** How many pictures are marked, whether this one is, and what the buttons for many are for now. */
function showMarks() {
  const { count } = marks;
  find('[data-action="mark"]').setAttribute("aria-pressed", String(marks.has(listing.at ?? 0)));
  find('[data-action="unmark"]').hidden = count === 0;
  setText(find(".bar-marked"), count ? gettext("{count} marked", { count }) : "");
  for (const part of findAll("[data-marked]")) {
    part.dataset.all ??= part.textContent ?? "";
    setText(part, count ? interpolate(part.dataset.marked ?? "", { count }) : part.dataset.all);
  }
}
