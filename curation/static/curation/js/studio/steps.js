/** What was done, so that it can be undone: strokes, crops, settings, all in one line. */

/**
 * @typedef {Object} Step
 * @property {string} name what the button says, as in “Undo: brush”
 * @property {() => void} undo
 * @property {() => void} redo
 * @property {string} [join] steps of one kind that follow each other at once are one step, as a slider's
 */

const JOIN_MS = 800;
const MOST = 200;

class Steps extends EventTarget {
  /** @type {Step[]} */
  #done = [];
  /** @type {Step[]} */
  #undone = [];
  #lastAt = 0;

  /** A step that has just been taken. @param {Step} step */
  add(step) {
    const last = this.#done.at(-1);
    const now = performance.now();
    if (last && step.join && last.join === step.join && now - this.#lastAt < JOIN_MS) {
      this.#done[this.#done.length - 1] = { ...step, undo: last.undo };
    } else {
      this.#done.push(step);
      if (this.#done.length > MOST) this.#done.shift();
    }
    this.#lastAt = now;
    this.#undone = [];
    this.dispatchEvent(new Event("change"));
  }

  /** What a layer did. @param {string} name @param {{undo: () => void, redo: () => void} | null} done */
  keep(name, done) {
    if (done) this.add({ name, ...done });
  }

  undo() {
    this.#go("undo", this.#done, this.#undone);
  }

  redo() {
    this.#go("redo", this.#undone, this.#done);
  }

  /** The names of what undo and redo would touch; empty when there is nothing. */
  get next() {
    return { undo: this.#done.at(-1)?.name ?? "", redo: this.#undone.at(-1)?.name ?? "" };
  }

  /** @param {"undo" | "redo"} way @param {Step[]} from @param {Step[]} to */
  #go(way, from, to) {
    const step = from.pop();
    if (!step) return;
    step[way]();
    to.push(step);
    this.#lastAt = 0;
    this.dispatchEvent(new Event("change"));
  }
}

export const steps = new Steps();
