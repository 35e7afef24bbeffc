/**
 * Decisions on their way to the garden. Each is written down in this browser before anything else happens and crossed
 * out when the garden has it: a reload, a crash or a lost network loses none, and none counts twice (`event`).
 */

import { fetchJson } from "../../../garden/lib/http.js";
import { pause } from "../../../garden/lib/page.js";
import { config } from "./config.js";

/**
 * @typedef {{event: string, image: number, verdict: string, rating: number | null}} Decision
 * @typedef {{image: number, verdict: string, rating: number | null, mine: {verdict: string, rating: number | null} | null}} Decided
 * @typedef {"saved" | "saving" | "offline" | "signed_out"} QueueState
 */

const PREFIX = `curation.decision.${config.user}.`;
const BATCH = 200;
const GATHER_MS = 150;
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30000;

export class Queue extends EventTarget {
  /** @type {Decision[]} */
  #waiting = remembered();
  /** @type {QueueState} */
  #state = "saved";
  #wait = FIRST_WAIT_MS;
  #timer = 0;
  #sending = false;

  constructor() {
    super();
    window.addEventListener("online", () => this.#sendIn(0));
    window.addEventListener("pagehide", () => this.#handOver());
    if (this.#waiting.length > 0) this.#sendIn(0);
  }

  get state() {
    return this.#state;
  }

  get length() {
    return this.#waiting.length;
  }

  /** Whether a decision about this picture has not arrived yet. @param {number} image */
  holds(image) {
    return this.#waiting.some((decision) => decision.image === image);
  }

  /** @param {Decision} decision */
  add(decision) {
    write(decision, Date.now());
    this.#waiting.push(decision);
    this.#notify(this.#state === "saved" ? "saving" : this.#state);
    if (!this.#timer) this.#sendIn(GATHER_MS);
  }

  /** Send all that waits; resolves to whether all of it arrived. */
  async flush() {
    while (this.#waiting.length > 0) {
      const before = this.#waiting.length;
      await this.#send();
      if (this.#waiting.length >= before && !this.#sending) return false;
      if (this.#sending) await pause(GATHER_MS);
    }
    return true;
  }

  /** @param {number} ms */
  #sendIn(ms) {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => {
      this.#timer = 0;
      void this.#send();
    }, ms);
  }

  async #send() {
    if (this.#sending || this.#waiting.length === 0) return;
    this.#sending = true;
    const batch = this.#waiting.slice(0, BATCH);
    try {
      this.#arrived(batch, await send(batch));
      this.#wait = FIRST_WAIT_MS;
    } catch (error) {
      await this.#failed(batch, /** @type {import("../../../garden/lib/http.js").ApiError} */ (error));
    }
    this.#sending = false;
    if (this.#waiting.length > 0 && !this.#timer) this.#sendIn(this.#state === "saving" ? 0 : this.#later());
  }

  /**
   * @param {Decision[]} batch
   * @param {{decided: Decided[], missing?: number[]}} answer
   */
  #arrived(batch, answer) {
    this.#crossOut(batch);
    this.#notify(this.#waiting.length > 0 ? "saving" : "saved");
    this.dispatchEvent(new CustomEvent("decided", { detail: answer }));
  }

  /**
   * A batch that is refused is sent one by one, so that one bad decision takes no other with it.
   * @param {Decision[]} batch
   * @param {import("../../../garden/lib/http.js").ApiError} error
   */
  async #failed(batch, error) {
    if (error.kind !== "refused") {
      this.#notify(error.kind === "signed_out" ? "signed_out" : "offline");
      return;
    }
    for (const decision of batch) {
      try {
        this.#arrived([decision], await send([decision]));
      } catch (again) {
        if (/** @type {import("../../../garden/lib/http.js").ApiError} */ (again).kind !== "refused") return;
        this.#crossOut([decision]);
        this.dispatchEvent(new CustomEvent("refused", { detail: decision }));
      }
    }
    this.#notify(this.#waiting.length > 0 ? "saving" : "saved");
  }

  #later() {
    const wait = this.#wait;
    this.#wait = Math.min(wait * 2, LONGEST_WAIT_MS);
    return wait;
  }

  /** The page goes away: the browser delivers what it can, the next page what is left. */
  #handOver() {
    if (this.#waiting.length === 0) return;
    void send(this.#waiting.slice(0, BATCH)).catch(() => {});
  }

  /** @param {Decision[]} batch */
  #crossOut(batch) {
    const done = new Set(batch.map((decision) => decision.event));
    for (const event of done) localStorage.removeItem(PREFIX + event);
    this.#waiting = this.#waiting.filter((decision) => !done.has(decision.event));
  }

  /** @param {QueueState} state */
  #notify(state) {
    this.#state = state;
    this.dispatchEvent(new Event("state"));
  }
}

/**
 * Delivered by the browser though the page goes away meanwhile.
 * @param {Decision[]} decisions
 */
function send(decisions) {
  return fetchJson(config.paths.decisions, { data: { decisions }, keepalive: true });
}

/**
 * @param {Decision} decision
 * @param {number} at ms
 */
function write(decision, at) {
  try {
    localStorage.setItem(PREFIX + decision.event, JSON.stringify({ at, decision }));
  } catch {
    // A browser without room keeps it in memory alone; it is sent all the same.
  }
}

/** @returns {Decision[]} */
function remembered() {
  const keys = Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
  const kept = keys.map((key) => JSON.parse(localStorage.getItem(key) ?? "null")).filter(Boolean);
  return kept.sort((one, other) => one.at - other.at).map(({ decision }) => decision);
}
