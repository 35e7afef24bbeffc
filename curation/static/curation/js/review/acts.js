/** Removing, publishing, restoring: asked once, told while it runs, taken back with one key. */

import { newId } from "../../../garden/js/ids.js";
import { config } from "./config.js";
import { get, post, Trouble } from "./server.js";

/**
 * @typedef {{id: string, kind: string, state: string, total: number, done: number, error?: string, undoable: boolean}} Act
 * @typedef {{kind: string, verdict: string, count: string}} Deed what is done, to which verdict, and its name in counts
 */

const POLL_MS = 400;

/** @type {Record<string, Deed>} */
export const DEEDS = {
  remove: { kind: "remove", verdict: "dislike", count: "disliked" },
  publish: { kind: "publish", verdict: "like", count: "liked" },
  restore_all: { kind: "restore", verdict: "", count: "all" },
  purge: { kind: "purge", verdict: "", count: "all" },
};

export class Acts extends EventTarget {
  #busy = false;

  /**
   * @param {import("./queue.js").Queue} queue
   * @param {import("./past.js").Past} past
   */
  constructor(queue, past) {
    super();
    this.queue = queue;
    this.past = past;
  }

  get busy() {
    return this.#busy;
  }

  /**
   * How many pictures of the filter it would take, once all decisions have arrived.
   * @param {Deed} deed
   * @returns {Promise<number>}
   */
  async count(deed) {
    if (!(await this.queue.flush())) throw new Trouble("network");
    const counts = await get(config.paths.counts, { ...filterOf(deed), exact: 1 });
    return counts[deed.count];
  }

  /**
   * @param {Deed} deed
   * @param {string} note why
   * @param {string} schedule when it shows, or empty for now
   */
  begin(deed, note, schedule) {
    const content = { id: newId(), kind: deed.kind, filter: filterOf(deed), note };
    return this.#run(() => post(config.paths.acts, schedule ? { ...content, schedule } : content));
  }

  /** @param {number} image */
  restore(image) {
    return this.#run(() => post(config.paths.acts, { id: newId(), kind: "restore", images: [image], note: "" }));
  }

  /**
   * Change emotion or favorite of these pictures, or of all of the filter.
   * @param {number[] | null} images
   * @param {{emotion?: string, favorite?: string}} labels
   */
  label(images, labels) {
    const chosen = images ? { images } : { filter: config.filter };
    return this.#run(() => post(config.paths.acts, { id: newId(), kind: "label", labels, note: "", ...chosen }));
  }

  /** @param {string} id */
  undo(id) {
    return this.#run(() => post(`${config.paths.acts}/${id}/undo`, {}), false);
  }

  /**
   * @param {() => Promise<Act>} ask
   * @param {boolean} [mayBeUndone]
   */
  async #run(ask, mayBeUndone = true) {
    this.#busy = true;
    this.#tell("progress", null);
    try {
      const act = await this.#watch(await ask());
      if (mayBeUndone && act.undoable) this.past.add({ kind: "act", id: act.id, what: act.kind, count: act.total });
      this.#tell("done", act);
      return act;
    } finally {
      this.#busy = false;
      this.#tell("rest", null);
    }
  }

  /**
   * A lost network only delays the news: the act goes on without us.
   * @param {Act} begun
   */
  async #watch(begun) {
    let act = begun;
    while (act.state === "queued" || act.state === "running") {
      this.#tell("progress", act);
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      try {
        act = await get(`${config.paths.acts}/${act.id}`);
      } catch (trouble) {
        if (/** @type {Trouble} */ (trouble).kind !== "network") throw trouble;
      }
    }
    if (act.state === "failed") throw new Trouble("refused", act.error ?? "");
    return act;
  }

  /**
   * @param {string} what
   * @param {Act | null} act
   */
  #tell(what, act) {
    this.dispatchEvent(new CustomEvent(what, { detail: act }));
  }
}

/** @param {Deed} deed */
function filterOf(deed) {
  return deed.verdict ? { ...config.filter, verdict: deed.verdict } : config.filter;
}
