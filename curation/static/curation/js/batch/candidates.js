/**
 * The pictures of a batch to be: all that the filter shows, without those that were taken out. Of thousands only what is
 * near the window is in the page; the rest keeps its room.
 */

import { fetchJson } from "../../../garden/lib/http.js";
import { gettext } from "../../../garden/lib/i18n.js";
import { cloneTemplate, element, find, findAll } from "../../../garden/lib/page.js";
import { keepMarked, markedBy } from "../marked.js";
import { showStatus } from "../status.js";
import { config, pathOf } from "../studio/config.js";

/** @typedef {{id: number, url: string, thumb: string, prompt: string, key: string}} Candidate */

const PAGE = 60;
const AHEAD = "600px";

export class Candidates extends EventTarget {
  /** Single pictures in their order; null for all that the filter shows. @type {number[] | null} */
  #single = config.marked ? markedBy(config.user) : config.images.length ? config.images : null;
  /** @type {Set<number>} */
  #without = new Set();
  /** When none was chosen at first: those that were added since. @type {Set<number> | null} */
  #only = null;
  #most = Infinity;
  #gone = 0;
  #total = 0;
  #box = find("[data-pictures]");
  #observer = new IntersectionObserver((entries) => this.#moved(entries), { rootMargin: AHEAD });
  /** @type {HTMLElement[]} */
  #sections = [];
  /** @type {Set<HTMLElement>} */
  #near = new Set();
  #round = 0;
  /** Of a whole section, in pixels, measured on the first. */
  #height = 0;

  constructor() {
    super();
    for (const button of findAll("[data-choose]")) {
      button.addEventListener("click", () => this.#choose(button.dataset.choose === "all"));
    }
  }

  /** From the beginning, with whatever is loaded then. */
  async start() {
    this.#round++;
    for (const section of this.#sections) this.#drop(section);
    this.#sections = [];
    const { total, images } = await this.#load(0);
    this.#total = total;
    if (total) {
      const first = this.#add();
      first.replaceChildren(...images.map((image) => this.#draw(image)));
      first.style.minHeight = "";
      this.#height = first.offsetHeight;
    }
    this.#resize(total);
    this.#notify();
  }

  get count() {
    return this.#only ? this.#only.size : this.#total - this.#without.size;
  }

  /** The request body. @returns {Record<string, unknown>} */
  get asked() {
    if (this.#only) return { images: [...this.#only].sort((one, other) => other - one) };
    if (this.#single) return { images: this.#single.filter((id) => !this.#without.has(id)) };
    return { filter: config.filter, without: [...this.#without] };
  }

  /** What cannot be retouched any more; the rest stays chosen as it was. @param {number[]} ids */
  async leave(ids) {
    if (this.#forget(ids)) await this.start();
  }

  /**
   * Pictures that went to the trash, or for good, since they were marked or chosen.
   * @param {number[]} ids
   * @returns {boolean} whether there were any
   */
  #forget(ids) {
    if (ids.length === 0) return false;
    const gone = new Set(ids);
    this.#single = this.#single?.filter((id) => !gone.has(id)) ?? null;
    for (const id of ids) {
      this.#without.delete(id);
      this.#only?.delete(id);
    }
    this.#gone += gone.size;
    if (config.marked) keepMarked(config.user, this.#single ?? []);
    showStatus(gettext("Left out, because they are in the trash or gone: {count}.", { count: this.#gone }));
    return true;
  }

  /** @param {boolean} all */
  #choose(all) {
    this.#only = all ? null : new Set();
    this.#without.clear();
    for (const section of this.#near) void this.#fill(section);
    this.#notify();
  }

  /** @param {number} start @returns {Promise<{total: number, images: Candidate[]}>} from a place in the list on */
  async #load(start) {
    if (this.#single?.length === 0) return { total: 0, images: [] };
    const ids = this.#single?.slice(start, start + PAGE);
    const params = ids ? { ids: ids.join(), start: 0, limit: PAGE } : { start, limit: PAGE, ...config.filter };
    const { most, total, images } = await fetchJson(pathOf("candidates"), { params });
    const there = new Set(images.map((/** @type {Candidate} */ { id }) => id));
    this.#most = most;
    if (ids && this.#forget(ids.filter((id) => !there.has(id)))) return this.#load(start);
    return { total: this.#single?.length ?? total, images };
  }

  /** @param {Candidate} candidate */
  #draw({ id, url, thumb, prompt, key }) {
    const tile = cloneTemplate("batch-candidate");
    const image = /** @type {HTMLImageElement} */ (find("img", tile));
    const box = /** @type {HTMLInputElement} */ (find("input", tile));
    image.alt = gettext("picture {id}: {prompt}", { id: String(id), prompt: prompt || key });
    image.title = key;
    image.addEventListener("error", () => image.setAttribute("src", url), { once: true });
    image.src = thumb;
    box.setAttribute("aria-label", gettext("picture {id} is part of it", { id: String(id) }));
    box.checked = this.#only ? this.#only.has(id) : !this.#without.has(id);
    box.addEventListener("change", () => this.#put(id, box.checked));
    return tile;
  }

  /** @param {number} id @param {boolean} chosen */
  #put(id, chosen) {
    const [set, inside] = this.#only ? [this.#only, chosen] : [this.#without, !chosen];
    if (inside) set.add(id);
    else set.delete(id);
    this.#notify();
  }

  #notify() {
    const all = this.#total;
    find("[data-none]").hidden = all > 0;
    find("[data-chosen]").textContent =
      all > this.#most
        ? gettext("This filter shows more than {most} pictures. Narrow it.", { most: this.#most })
        : gettext("{count} of {all} chosen", { count: this.count, all });
    this.dispatchEvent(new Event("change"));
  }

  /** @param {number} total */
  #resize(total) {
    this.#total = total;
    const wanted = Math.ceil(total / PAGE);
    while (this.#sections.length > wanted) this.#drop(/** @type {HTMLElement} */ (this.#sections.pop()));
    while (this.#sections.length < wanted) this.#add();
  }

  #add() {
    const section = element("ul", "", "tiles");
    const first = this.#sections.length * PAGE + 1;
    section.dataset.first = String(first);
    const last = Math.min(this.#total, first + PAGE - 1);
    section.setAttribute("aria-label", gettext("Pictures {first} to {last}", { first, last }));
    // The room that it will take, so that nothing moves once it is filled.
    section.style.minHeight = `${(this.#height * Math.min(PAGE, this.#total - first + 1)) / PAGE}px`;
    this.#sections.push(section);
    this.#box.append(section);
    this.#observer.observe(section);
    return section;
  }

  /** @param {HTMLElement} section */
  #drop(section) {
    this.#observer.unobserve(section);
    this.#near.delete(section);
    section.remove();
  }

  /** @param {IntersectionObserverEntry[]} entries */
  #moved(entries) {
    for (const { target, isIntersecting } of entries) {
      const section = /** @type {HTMLElement} */ (target);
      if (isIntersecting) {
        this.#near.add(section);
        void this.#fill(section);
      } else if (!section.contains(document.activeElement)) {
        this.#empty(section);
      }
    }
  }

  /** @param {HTMLElement} section */
  async #fill(section) {
    const round = this.#round;
    const start = Number(section.dataset.first) - 1;
    const part = await this.#load(start).catch(() => null);
    if (!part || round !== this.#round || !this.#near.has(section)) return;
    const focused = [...section.children].findIndex((tile) => tile.contains(document.activeElement));
    section.replaceChildren(...part.images.map((image) => this.#draw(image)));
    section.style.minHeight = "";
    if (focused >= 0) section.children[focused]?.querySelector("input")?.focus({ preventScroll: true });
    if (part.total !== this.#total) this.#resize(part.total);
  }

  /** @param {HTMLElement} section */
  #empty(section) {
    this.#near.delete(section);
    if (!section.childElementCount) return;
    section.style.minHeight = `${section.offsetHeight}px`;
    section.replaceChildren();
  }
}
