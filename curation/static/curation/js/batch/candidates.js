/**
 * The pictures of a batch to be: all that the filter shows, without those that were taken out. Of thousands only what has
 * been near the window is in the page; the rest keeps its room.
 */

import { fetchJson } from "../../../garden/lib/http.js";
import { gettext } from "../../../garden/lib/i18n.js";
import { cloneTemplate, element, find, findAll } from "../../../garden/lib/page.js";
import { showStatus } from "../../../garden/lib/status.js";
import { showError } from "../errors.js";
import { keepMarked, markedBy } from "../marked.js";
import { config, pathOf } from "../studio/config.js";

/** @typedef {import("schemas").Schema["Image"]} Candidate */

const PAGE = 60;
const AHEAD = "600px";

export class Candidates extends EventTarget {
  /** Single pictures in their order; null for all that the filter shows. @type {number[] | null} */
  #single = config.marked ? markedBy(config.user) : config.images.length ? config.images : null;
  /** Whether a picture is chosen that is not one of `#others`. */
  #all = true;
  /** @type {Set<number>} */
  #others = new Set();
  #most = Infinity;
  #gone = 0;
  #total = 0;
  #box = find("[data-pictures]");
  #observer = new IntersectionObserver((entries) => this.#reach(entries), { rootMargin: AHEAD });

  constructor() {
    super();
    for (const button of findAll("[data-choose]")) {
      button.addEventListener("click", () => this.#choose(button.dataset.choose === "all"));
    }
  }

  /** From the beginning, with whatever is loaded then. */
  async start() {
    const { total, images } = await this.#load(0);
    this.#total = total;
    this.#observer.disconnect();
    this.#box.replaceChildren();
    let height = 0;
    for (let start = 0; start < total; start += PAGE) {
      const section = this.#addSection(start);
      if (start === 0) {
        section.append(...images.map((image) => this.#draw(image)));
        height = section.offsetHeight;
      } else {
        // The room that it will take, so that nothing moves once it is filled.
        section.style.minHeight = `${(height * Math.min(PAGE, total - start)) / PAGE}px`;
        this.#observer.observe(section);
      }
    }
    this.#notify();
  }

  get count() {
    return this.#all ? this.#total - this.#others.size : this.#others.size;
  }

  /** The request body. @returns {Record<string, unknown>} */
  get asked() {
    if (!this.#all) return { images: [...this.#others].sort((one, other) => other - one) };
    if (this.#single) return { images: this.#single.filter((id) => !this.#others.has(id)) };
    return { filter: config.filter, without: [...this.#others] };
  }

  /** What cannot be retouched any more; the rest stays chosen as it was. @param {number[]} ids */
  async leave(ids) {
    if (ids.length === 0) return;
    this.#forget(ids);
    await this.start();
  }

  /** Pictures that went to the trash, or for good, since they were marked or chosen. @param {number[]} ids */
  #forget(ids) {
    const gone = new Set(ids);
    this.#single = this.#single?.filter((id) => !gone.has(id)) ?? null;
    for (const id of ids) this.#others.delete(id);
    this.#gone += ids.length;
    if (config.marked) keepMarked(config.user, this.#single ?? []);
    showStatus(gettext("Left out, because they are in the trash or gone: {count}.", { count: this.#gone }));
  }

  /** @param {boolean} all */
  #choose(all) {
    this.#all = all;
    this.#others.clear();
    for (const box of /** @type {HTMLInputElement[]} */ (findAll("input", this.#box))) box.checked = all;
    this.#notify();
  }

  /** @param {number} start @returns {Promise<{total: number, images: Candidate[]}>} from a place in the list on */
  async #load(start) {
    if (this.#single?.length === 0) return { total: 0, images: [] };
    const ids = this.#single?.slice(start, start + PAGE);
    const params = ids ? { ids: ids.join(), start: 0, limit: PAGE } : { start, limit: PAGE, ...config.filter };
    const { most, total, images } = await fetchJson(pathOf("candidates"), { params });
    const there = new Set(images.map((/** @type {Candidate} */ { id }) => id));
    const gone = ids?.filter((id) => !there.has(id)) ?? [];
    this.#most = most;
    if (gone.length > 0) {
      this.#forget(gone);
      return this.#load(start);
    }
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
    box.checked = this.#all !== this.#others.has(id);
    box.addEventListener("change", () => {
      if (box.checked === this.#all) this.#others.delete(id);
      else this.#others.add(id);
      this.#notify();
    });
    return tile;
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

  /** @param {number} start */
  #addSection(start) {
    const section = element("ul", "", "tiles");
    section.dataset.start = String(start);
    const last = Math.min(this.#total, start + PAGE);
    section.setAttribute("aria-label", gettext("Pictures {first} to {last}", { first: start + 1, last }));
    this.#box.append(section);
    return section;
  }

  /** @param {IntersectionObserverEntry[]} entries */
  #reach(entries) {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) void this.#fill(/** @type {HTMLElement} */ (target));
    }
  }

  /** What cannot be loaded now is loaded when it comes near again. @param {HTMLElement} section */
  async #fill(section) {
    const part = await this.#load(Number(section.dataset.start)).catch(() => null);
    if (!part || !section.isConnected) return;
    if (part.total !== this.#total) return void this.start().catch(showError);
    this.#observer.unobserve(section);
    section.replaceChildren(...part.images.map((image) => this.#draw(image)));
    section.style.minHeight = "";
  }
}
