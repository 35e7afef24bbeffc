/** Reports of a device to the server: that its page runs, what it shows, and what is wrong. Nothing in them is of a visitor. */

import { ApiError, request } from "./http.js";

const EVERY_MS = 15_000;
const GATHER_MS = 200;
const TIMEOUT_MS = 10_000;
const LONGEST_PROBLEM = 500;

const startedAt = new Date().toISOString();

export class Heartbeat {
  /** What is wrong, by what it is about. @type {Map<string, string>} */
  #problems = new Map();
  #timer = 0;
  #isDue = false;

  /**
   * @param {string} path empty: nothing is reported
   * @param {() => Record<string, string | number>} describe this kind of device
   */
  constructor(path, describe) {
    this.path = path;
    this.describe = describe;
    /** @type {(error: ApiError) => void} a lost report changes nothing here: the server detects silence */
    this.onError = () => {};
  }

  start() {
    setInterval(() => this.soon(), EVERY_MS);
  }

  /** Simultaneous changes are reported together. */
  soon() {
    if (this.#isDue || !this.path) return;
    this.#isDue = true;
    setTimeout(() => void this.#send(), GATHER_MS);
  }

  /** Ends by itself after so long. @param {string} about @param {string} text @param {number} ms */
  setProblemFor(about, text, ms) {
    this.setProblem(about, text);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.setProblem(about, ""), ms);
  }

  /** @param {string} about a second problem about the same replaces the first @param {string} text empty: it is over */
  setProblem(about, text) {
    if ((this.#problems.get(about) ?? "") === text) return;
    if (text) this.#problems.set(about, text);
    else this.#problems.delete(about);
    this.soon();
  }

  async #send() {
    this.#isDue = false;
    const data = {
      ...this.describe(),
      screen: [screen.width, screen.height].map((side) => Math.round(side * devicePixelRatio)).join("x"),
      started_at: startedAt,
      problem: [...this.#problems.values()].join("; ").slice(0, LONGEST_PROBLEM),
    };
    try {
      await request(this.path, { data, timeoutMs: TIMEOUT_MS });
    } catch (error) {
      if (error instanceof ApiError) this.onError(error);
    }
  }
}
