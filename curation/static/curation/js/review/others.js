/** What other curators do meanwhile: it appears on the pictures, and moves nothing. */

import { fetchJson } from "../../../garden/lib/http.js";
import { config } from "./config.js";

/**
 * @typedef {import("./picture_list.js").Picture} Picture
 * @typedef {{image: number, verdict: string, rating: number | null, curator: string}} Decision
 */

const EVERY_MS = 3000;
const LONGEST_MS = 60000;
const LOOK_AGAIN = 4; // rounds: pictures that others moved are not in the ledger of decisions
const MOST_IDS = 300;
const PAGE_SIZE = 500;

export class Others {
  #cursor = config.cursor;
  #wait = EVERY_MS;
  #round = 0;

  /**
   * @param {import("./screen.js").ReviewScreen} screen
   * @param {import("./queue.js").Queue} queue
   * @param {() => number[]} shown ids of the pictures that can be seen
   */
  constructor(screen, queue, shown) {
    this.screen = screen;
    this.queue = queue;
    this.shown = shown;
    this.#later();
  }

  #later() {
    setTimeout(() => void this.#listen(), this.#wait);
  }

  async #listen() {
    if (!document.hidden) {
      try {
        await this.#fetch();
        this.#wait = EVERY_MS;
      } catch {
        this.#wait = Math.min(this.#wait * 2, LONGEST_MS);
      }
    }
    this.#later();
  }

  async #fetch() {
    const page = await fetchJson(config.paths.decisions, { params: { after: this.#cursor, limit: PAGE_SIZE } });
    this.#cursor = page.cursor;
    const names = new Map(page.decisions.map((/** @type {Decision} */ one) => [one.image, one.curator]));
    const known = [...names.keys()].filter((id) => this.screen.list.find(id));
    this.#round += 1;
    const again = this.#round % LOOK_AGAIN === 0 ? this.shown() : [];
    const ids = [...new Set([...known, ...again])].slice(0, MOST_IDS);
    if (ids.length === 0) return;
    this.#update(await fetchJson(config.paths.images, { params: { ids: ids.join(","), limit: MOST_IDS } }), names, ids);
  }

  /**
   * @param {{images: Picture[]}} now
   * @param {Map<number, string>} names who decided, by image
   * @param {number[]} asked
   */
  #update(now, names, asked) {
    const fresh = new Map(now.images.map((picture) => [picture.id, picture]));
    const changed = asked.map((id) => this.#renew(id, fresh.get(id), names.get(id))).filter((picture) => !!picture);
    this.screen.changed(changed);
  }

  /**
   * @param {number} id
   * @param {Picture | undefined} fresh
   * @param {string | undefined} name
   */
  #renew(id, fresh, name) {
    const picture = this.screen.list.find(id);
    if (!picture || this.queue.holds(id)) return undefined;
    const gone = fresh?.state !== picture.state;
    const { verdict, rating } = fresh ?? picture;
    const by = name ?? picture.by;
    if (same(picture, { verdict, rating, gone, by })) return undefined;
    return Object.assign(picture, { verdict, rating, gone, by });
  }
}

/**
 * @param {Picture} picture
 * @param {Partial<Picture>} now
 */
function same(picture, now) {
  const { verdict, rating, by } = picture;
  return verdict === now.verdict && rating === now.rating && by === now.by && !picture.gone === !now.gone;
}
