/** The pictures of a batch to be: all that the filter shows, without those that were taken out. */

import { fetchJson } from "../../../garden/lib/http.js";
import { gettext } from "../../../garden/lib/i18n.js";
import { cloneTemplate, find } from "../../../garden/lib/page.js";
import { keepMarked, markedBy } from "../marked.js";
import { config, pathOf } from "../studio/config.js";
import { showStatus } from "../studio/status.js";
import { Windowed } from "./windowed.js";

/** @typedef {{id: number, url: string, thumb: string, prompt: string, key: string}} Candidate */

export class Choosing extends EventTarget {
  /** @type {number[] | null} single pictures in their order; null for all that the filter shows */
  #single = config.marked ? markedBy(config.user) : config.images.length ? config.images : null;
  /** @type {Set<number>} */
  #without = new Set();
  /** @type {Set<number> | null} when none was chosen at first: those that were added since */
  #only = null;
  #most = Infinity;
  #gone = 0;

  constructor() {
    super();
    this.list = new Windowed(find("[data-pictures]"), {
      load: (start, limit) => this.#load(start, limit),
      draw: (candidate) => this.#draw(candidate),
      name: (first, last) => gettext("Pictures {first} to {last}", { first, last }),
    });
    for (const button of document.querySelectorAll("[data-choose]")) {
      button.addEventListener("click", () =>
        this.#choose(/** @type {HTMLElement} */ (button).dataset.choose === "all"),
      );
    }
  }

  async start() {
    await this.list.start();
    this.#notify();
  }

  get count() {
    return this.#only ? this.#only.size : this.list.total - this.#without.size;
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
    void this.list.refresh();
    this.#notify();
  }

  /** @param {number} start @param {number} limit @returns {Promise<import("./windowed.js").Part<Candidate>>} */
  async #load(start, limit) {
    const query = new URLSearchParams({ start: String(start), limit: String(limit) });
    if (this.#single?.length === 0) return { total: 0, items: [] };
    const given = this.#single
      ? { ids: this.#single.slice(start, start + limit).join(","), start: "0" }
      : config.filter;
    for (const [name, value] of Object.entries(given)) query.set(name, String(value));
    const answer = await fetchJson(`${pathOf("candidates")}?${query}`);
    this.#most = answer.most;
    if (this.#single && this.#forget(unansweredOf(this.#single.slice(start, start + limit), answer.images)))
      return this.#load(start, limit);
    return { total: this.#single?.length ?? answer.total, items: answer.images };
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
    box.checked = this.#has(id);
    box.addEventListener("change", () => this.#put(id, box.checked));
    return tile;
  }

  /** @param {number} id */
  #has(id) {
    return this.#only ? this.#only.has(id) : !this.#without.has(id);
  }

  /** @param {number} id @param {boolean} chosen */
  #put(id, chosen) {
    const [set, inside] = this.#only ? [this.#only, chosen] : [this.#without, !chosen];
    if (inside) set.add(id);
    else set.delete(id);
    this.#notify();
  }

  #notify() {
    const all = this.list.total;
    find("[data-none]").hidden = all > 0;
    find("[data-chosen]").textContent =
      all > this.#most
        ? gettext("This filter shows more than {most} pictures. Narrow it.", { most: this.#most })
        : gettext("{count} of {all} chosen", { count: this.count, all });
    this.dispatchEvent(new Event("change"));
  }
}

/** @param {number[]} ids @param {Candidate[]} answered */
function unansweredOf(ids, answered) {
  const there = new Set(answered.map(({ id }) => id));
  return ids.filter((id) => !there.has(id));
}
