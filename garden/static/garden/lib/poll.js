/** Polling: often while something changes, seldom otherwise or in a hidden page. */

import { ApiError, fetchChanged } from "./http.js";

const SOON_MS = 1000;
const LATE_MS = 15000;
const UNSEEN_MS = 60000;
const GROWTH = 1.5;

/**
 * @typedef {Object} Options
 * @property {number} [soonMs] the wait while more is to be expected soon
 * @property {number} [lateMs] the longest wait while nothing happens
 * @property {(error: ApiError | null) => void} [onError] null once there is an answer again
 */

export class Poll {
  #etag = "";
  #wait = 0;
  #timer = 0;
  #round = 0;

  /**
   * @param {() => string} address
   * @param {(data: any, date: string) => boolean} onAnswer with null where nothing changed; whether more is to be expected soon
   * @param {Options} [options]
   */
  constructor(address, onAnswer, { soonMs = SOON_MS, lateMs = LATE_MS, onError = () => {} } = {}) {
    this.address = address;
    this.onAnswer = onAnswer;
    this.soonMs = soonMs;
    this.lateMs = lateMs;
    this.onError = onError;
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.now();
    });
  }

  /** Asks for the first time after the shortest wait: the page came with an answer. */
  start() {
    this.#wait = this.soonMs;
    this.#later();
  }

  /** Asks at once, and often from then on; an answer to an earlier question is not used any more. */
  now() {
    this.#wait = this.soonMs;
    void this.#ask();
  }

  /** What is shown came another way: the next answer is to be the whole of it. */
  forget() {
    this.#etag = "";
  }

  async #ask() {
    clearTimeout(this.#timer);
    const round = ++this.#round;
    try {
      const address = this.address();
      const news = await fetchChanged(address, this.#etag);
      if (round !== this.#round) return;
      this.onError(null);
      const goesOn = this.onAnswer(news?.data ?? null, news?.date ?? "");
      // An ETag belongs to its address, and the address changes with what is known.
      if (news) this.#etag = this.address() === address ? news.etag : "";
      this.#wait = goesOn ? this.soonMs : this.#slower();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (round !== this.#round) return;
      this.#wait = this.#slower();
      this.onError(error);
    } finally {
      if (round === this.#round) this.#later();
    }
  }

  #slower() {
    return Math.min(this.#wait * GROWTH, this.lateMs);
  }

  #later() {
    this.#timer = setTimeout(() => void this.#ask(), document.hidden ? UNSEEN_MS : this.#wait);
  }
}
