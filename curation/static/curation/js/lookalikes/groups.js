/** The groups on the page: asked for as the curator comes near the end, put away when far from sight. */

import { fetchJson } from "../../../garden/lib/http.js";
import { makeCard, showChosen } from "./card.js";
import { config } from "./config.js";

const AHEAD = 5;
const NEAR = "1500px 0px";

export class GroupList extends EventTarget {
  /** @param {HTMLElement} room */
  constructor(room) {
    super();
    this.room = room;
    /** @type {import("./config.js").Group[]} */
    this.groups = [];
    /** @type {Map<number, number>} */
    this.chosen = new Map();
    /** @type {number | null} */
    this.next = null;
    this.at = 0;
    this.asking = false;
    this.sight = new IntersectionObserver((seen) => seen.forEach((one) => void this.window(one)), { rootMargin: NEAR });
  }

  get current() {
    return this.groups[this.at];
  }

  /** @param {import("./config.js").Group} group */
  imageOf(group) {
    return this.chosen.get(group.id) ?? group.images[0].id;
  }

  /** @param {{groups: import("./config.js").Group[], next: number | null}} page */
  add(page) {
    this.next = page.next;
    const known = new Set(this.groups.map((group) => group.id));
    const fresh = page.groups.filter((group) => !known.has(group.id));
    this.groups.push(...fresh);
    for (const group of fresh) {
      const place = document.createElement("div");
      place.className = "alike-place";
      place.dataset.group = String(group.id);
      this.fill(place, group);
      this.room.append(place);
      this.sight.observe(place);
    }
    this.show();
  }

  /** Everything again, the same group current where it is still there. */
  async reload() {
    const before = this.current?.id;
    const page = await fetchJson(config.paths.groups);
    this.room.replaceChildren();
    this.groups = [];
    this.add(page);
    this.at = Math.max(0, before ? this.groups.findIndex((group) => group.id <= before) : 0);
    this.show(true);
  }

  /** @param {number} steps */
  move(steps) {
    this.at = Math.min(Math.max(this.at + steps, 0), Math.max(this.groups.length - 1, 0));
    this.show(true);
  }

  /** @param {number} steps */
  turn(steps) {
    const group = this.current;
    if (!group) return;
    const place = group.images.findIndex((image) => image.id === this.imageOf(group));
    const wanted = (place + steps + group.images.length) % group.images.length;
    this.choose(group, group.images[wanted].id);
  }

  /**
   * @param {import("./config.js").Group} group
   * @param {number} image
   */
  choose(group, image) {
    this.chosen.set(group.id, image);
    this.at = this.groups.indexOf(group);
    this.show();
  }

  /** @param {import("./config.js").Group} group */
  drop(group) {
    const place = this.placeOf(group);
    if (place) this.sight.unobserve(place);
    place?.remove();
    this.groups = this.groups.filter((other) => other !== group);
    this.at = Math.min(this.at, Math.max(this.groups.length - 1, 0));
    this.show(true);
  }

  show(scroll = false) {
    for (const card of this.room.querySelectorAll("[aria-current]")) card.removeAttribute("aria-current");
    const place = this.current && this.placeOf(this.current);
    if (place && !place.firstChild) this.fill(place, this.current);
    const card = place?.firstElementChild;
    card?.setAttribute("aria-current", "true");
    if (card instanceof HTMLElement) showChosen(card, this.imageOf(this.current));
    if (scroll && card instanceof HTMLElement) {
      card.scrollIntoView({ block: "nearest" });
      card.focus({ preventScroll: true });
    }
    this.dispatchEvent(new Event("change"));
    void this.fetchAhead();
  }

  async fetchAhead(now = false) {
    if (this.asking || this.next === null) return;
    if (!now && this.groups.length - this.at > AHEAD) return;
    this.asking = true;
    try {
      this.add(await fetchJson(config.paths.groups, { params: { before: this.next } }));
    } catch (error) {
      this.dispatchEvent(new CustomEvent("error", { detail: error }));
    } finally {
      this.asking = false;
    }
  }

  /** @param {IntersectionObserverEntry} seen */
  window(seen) {
    const place = /** @type {HTMLElement} */ (seen.target);
    const group = this.groups.find((one) => String(one.id) === place.dataset.group);
    if (!group) return;
    if (seen.isIntersecting && !place.firstChild) this.fill(place, group);
    if (seen.isIntersecting && group === this.groups.at(-1)) void this.fetchAhead(true);
    if (!seen.isIntersecting && place.firstChild && group !== this.current) {
      place.style.height = `${place.offsetHeight}px`;
      place.replaceChildren();
    }
  }

  /**
   * @param {HTMLElement} place
   * @param {import("./config.js").Group} group
   */
  fill(place, group) {
    const card = makeCard(group, (image) => this.choose(group, image));
    place.style.height = "";
    place.replaceChildren(card);
    showChosen(card, this.imageOf(group));
  }

  /** @param {import("./config.js").Group} group */
  placeOf(group) {
    const place = this.room.querySelector(`[data-group="${group.id}"]`);
    return place instanceof HTMLElement ? place : null;
  }
}
