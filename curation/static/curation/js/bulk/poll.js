/** Asking again and again: often while something happens, seldom while nothing does or nobody looks. */

import { get, Trouble } from "./server.js";

const SOON_MS = 1000;
const LATE_MS = 15000;
const UNSEEN_MS = 60000;
const GROWTH = 1.5;

export class Poll {
  #etag = "";
  #wait = 0;
  #timer = 0;
  #asking = false;
  #again = false;

  /**
   * @param {() => string} address
   * @param {(data: any) => boolean} onNews whether more is to be expected soon
   * @param {{soon?: number, onTrouble?: (trouble: Trouble | null) => void}} [options] `soon` in milliseconds
   */
  constructor(address, onNews, { soon = SOON_MS, onTrouble = () => {} } = {}) {
    this.address = address;
    this.onNews = onNews;
    this.soon = soon;
    this.onTrouble = onTrouble;
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.now();
    });
  }

  /** Ask at once, and often from then on. */
  now() {
    this.#wait = this.soon;
    clearTimeout(this.#timer);
    if (this.#asking) this.#again = true;
    else void this.#ask();
  }

  async #ask() {
    this.#asking = true;
    this.#again = false;
    try {
      const news = await get(this.address(), this.#etag);
      this.onTrouble(null);
      this.#take(news);
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
      this.#wait = Math.min(this.#wait * GROWTH, LATE_MS);
      this.onTrouble(error);
    } finally {
      this.#asking = false;
      const wait = document.hidden ? UNSEEN_MS : this.#wait;
      this.#timer = setTimeout(() => void this.#ask(), this.#again ? 0 : wait);
    }
  }

  /** @param {{data: any, etag: string} | null} news */
  #take(news) {
    const before = this.address();
    const goesOn = news ? this.onNews(news.data) : false;
    // An ETag belongs to its address, and the address changes with what is known.
    if (news) this.#etag = this.address() === before ? news.etag : "";
    this.#wait = goesOn ? this.soon : Math.min(this.#wait * GROWTH, LATE_MS);
  }
}
