/**
 * Decisions on their way to the garden. Each is written down in this browser before anything else happens and crossed
 * out when the garden has it: a reload, a crash or a lost network loses none, and none counts twice (`event`).
 */

import { fetchJson } from "../../../garden/lib/http.js";
import { config } from "./config.js";

/**
 * @typedef {import("../../../garden/lib/http.js").ApiError} ApiError
 * @typedef {import("./config.js").Vote & {event: string, image: number, settles?: boolean}} Decision
 */

const PREFIX = `curation.decision.${config.user}.`;
const BATCH = 200;
const GATHER_MS = 150;
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30000;

/** Says `state`; `decided` with the garden's answer; `refused` with the decision. */
export class Queue extends EventTarget {
  /** @type {"saved" | "saving" | "offline" | "signed_out"} */
  state = "saved";
  #waiting = remembered();
  #wait = FIRST_WAIT_MS;
  #timer = 0;
  /** @type {Promise<void> | null} */
  #sending = null;

  constructor() {
    super();
    window.addEventListener("online", () => this.#sendIn(0));
    // The page goes away: the browser delivers what it can, the next page what is left.
    window.addEventListener("pagehide", () => {
      if (this.length > 0) void send(this.#waiting.slice(0, BATCH)).catch(() => {});
    });
    if (this.length > 0) this.#sendIn(0);
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
    try {
      localStorage.setItem(PREFIX + decision.event, JSON.stringify({ at: Date.now(), decision }));
    } catch {
      // A browser without room keeps it in memory alone; it is sent all the same.
    }
    this.#waiting.push(decision);
    this.#setState(this.state === "saved" ? "saving" : this.state);
    if (!this.#timer) this.#sendIn(GATHER_MS);
  }

  /** Send all that waits; resolves to whether all of it arrived. */
  async flush() {
    await this.#sending;
    while (this.length > 0) {
      const before = this.length;
      await this.#send();
      if (this.length >= before) return false;
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

  #send() {
    this.#sending ??= this.#sendBatch().finally(() => {
      this.#sending = null;
    });
    return this.#sending;
  }

  async #sendBatch() {
    if (this.length === 0) return;
    const batch = this.#waiting.slice(0, BATCH);
    try {
      this.#arrived(batch, await send(batch));
      this.#wait = FIRST_WAIT_MS;
    } catch (error) {
      await this.#failed(batch, /** @type {ApiError} */ (error));
    }
    if (this.length === 0 || this.#timer) return;
    this.#sendIn(this.state === "saving" ? 0 : this.#wait);
    if (this.state !== "saving") this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT_MS);
  }

  /** @param {Decision[]} batch @param {import("schemas").Schema["Decided"]} answer */
  #arrived(batch, answer) {
    this.#crossOut(batch);
    this.#setState(this.length > 0 ? "saving" : "saved");
    this.dispatchEvent(new CustomEvent("decided", { detail: answer }));
  }

  /**
   * A batch that is refused is sent one by one, so that one bad decision takes no other with it.
   * @param {Decision[]} batch
   * @param {ApiError} error
   */
  async #failed(batch, { kind }) {
    if (kind !== "refused") return this.#setState(kind === "signed_out" ? "signed_out" : "offline");
    for (const decision of batch) {
      try {
        this.#arrived([decision], await send([decision]));
      } catch (error) {
        if (/** @type {ApiError} */ (error).kind !== "refused") return;
        this.#crossOut([decision]);
        this.dispatchEvent(new CustomEvent("refused", { detail: decision }));
      }
    }
    this.#setState(this.length > 0 ? "saving" : "saved");
  }

  /** @param {Decision[]} batch */
  #crossOut(batch) {
    const done = new Set(batch.map((decision) => decision.event));
    for (const event of done) localStorage.removeItem(PREFIX + event);
    this.#waiting = this.#waiting.filter((decision) => !done.has(decision.event));
  }

  /** @param {Queue["state"]} state */
  #setState(state) {
    this.state = state;
    this.dispatchEvent(new Event("state"));
  }
}

/** Delivered by the browser though the page goes away meanwhile. @param {Decision[]} decisions */
function send(decisions) {
  return fetchJson(config.paths.decisions, { data: { decisions }, keepalive: true });
}

/** @returns {Decision[]} */
function remembered() {
  const keys = Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
  const kept = keys.map((key) => JSON.parse(localStorage.getItem(key) ?? "null")).filter(Boolean);
  return kept.sort((one, other) => one.at - other.at).map(({ decision }) => decision);
}
