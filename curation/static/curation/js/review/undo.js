/** What can be taken back, the last thing first; it outlives a reload of this tab. */

import { config } from "./config.js";

/**
 * @typedef {{kind: "decision", image: number, verdict: string, rating: number | null}
 *   | {kind: "act", id: string, what: string, count: number}} Step
 */

const NAME = `curation.past.${config.user}.${config.filter.state}`;
const MOST = 500;

export class UndoStack extends EventTarget {
  /** @type {Step[]} */
  #steps = JSON.parse(sessionStorage.getItem(NAME) ?? "[]");

  get last() {
    return this.#steps.at(-1);
  }

  /** @param {Step} step */
  add(step) {
    this.#keep([...this.#steps, step].slice(-MOST));
  }

  takeBack() {
    const { last } = this;
    this.#keep(this.#steps.slice(0, -1));
    return last;
  }

  /** @param {Step[]} steps */
  #keep(steps) {
    this.#steps = steps;
    try {
      sessionStorage.setItem(NAME, JSON.stringify(steps));
    } catch {
      // Without room it lasts as long as the page.
    }
    this.dispatchEvent(new Event("change"));
  }
}
