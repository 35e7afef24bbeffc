/** Every picture of a batch: what came of it, or why nothing did. */

import { fetchJson } from "../../../garden/lib/http.js";
import { cloneTemplate, find } from "../../../garden/lib/page.js";
import { pathOf, word } from "../studio/config.js";
import { Windowed } from "./windowed.js";

/**
 * @typedef {Object} Item
 * @property {number} number
 * @property {string} name
 * @property {number | null} image
 * @property {string} state
 * @property {string} reason
 * @property {string} canvas
 * @property {string} version
 * @property {string} before
 * @property {string | null} after
 */

/** Never by colour alone. @type {Record<string, string>} */
const SIGNS = {
  done: "✓",
  failed: "✕",
  skipped: "≡",
  leased: "…",
  queued: "·",
  paused: "‖",
  cancelled: "⊘",
  waiting: "·",
};

export class Items {
  #state = "";

  /** @param {string} batch */
  constructor(batch) {
    this.batch = batch;
    const box = find("[data-items]");
    box.addEventListener("sized", (event) => {
      find("[data-none]").hidden = /** @type {CustomEvent} */ (event).detail > 0;
    });
    this.list = new Windowed(box, {
      load: (start, limit) => this.#load(start, limit),
      draw: (item) => this.#draw(item),
      name: (first, last) => word("page_of", { first, last }),
    });
    const filter = /** @type {HTMLSelectElement} */ (find("[data-state-filter]"));
    filter.addEventListener("change", () => {
      this.#state = filter.value;
      void this.list.start();
    });
  }

  start() {
    return this.list.start();
  }

  async refresh() {
    if (this.#state && this.list.total === 0) return this.list.start();
    await this.list.refresh();
  }

  /** @param {number} start @param {number} limit */
  async #load(start, limit) {
    const query = new URLSearchParams({ start: String(start), limit: String(limit), state: this.#state });
    return fetchJson(`${pathOf("batch_items", { batch: this.batch })}?${query}`);
  }

  /** @param {Item} item */
  #draw(item) {
    const tile = cloneTemplate("batch-item");
    tile.dataset.state = item.state;
    const image = /** @type {HTMLImageElement} */ (find("img", tile));
    image.alt = word(item.after ? "after" : "before", { name: item.name });
    image.src = item.after ?? item.before;
    const link = find("a", tile);
    if (item.canvas || item.image) link.setAttribute("href", this.#studio(item));
    find("[data-number]", tile).textContent = String(item.number);
    find("[data-name]", tile).textContent = item.name.split("/").at(-1) ?? item.name;
    find("[data-name]", tile).title = item.name;
    find("[data-sign]", tile).textContent = SIGNS[item.state] ?? "";
    find("[data-state]", tile).textContent = word(`state_${item.state}`);
    const reason = find("[data-reason]", tile);
    reason.textContent = item.reason;
    reason.hidden = !item.reason;
    return tile;
  }

  /** @param {Item} item */
  #studio({ canvas, image }) {
    return `${pathOf("studio")}?${canvas ? new URLSearchParams({ canvas }) : new URLSearchParams({ image: String(image) })}`;
  }
}
