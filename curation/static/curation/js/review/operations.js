/** Removing, publishing, restoring: one request, its progress, and undo with one key. */

import { ApiError, fetchJson, post } from "../../../garden/lib/http.js";
import { newId, pause } from "../../../garden/lib/page.js";
import { config } from "./config.js";

/**
 * @typedef {{id: string, kind: string, state: string, total: number, done: number, error?: string, undoable: boolean}} Act
 * @typedef {{kind: string, verdict: string, count: string}} OperationKind what is done, to which verdict, and its name in counts
 */

const POLL_MS = 400;

/** @type {Record<string, OperationKind>} */
export const OPERATIONS = {
  remove: { kind: "remove", verdict: "dislike", count: "disliked" },
  publish: { kind: "publish", verdict: "like", count: "liked" },
  restore_all: { kind: "restore", verdict: "", count: "all" },
  purge: { kind: "purge", verdict: "", count: "all" },
};

export class Operations extends EventTarget {
  #busy = false;

  /**
   * @param {import("./queue.js").Queue} queue
   * @param {import("./undo.js").UndoStack} undoStack
   */
  constructor(queue, undoStack) {
    super();
    this.queue = queue;
    this.undoStack = undoStack;
  }

  get busy() {
    return this.#busy;
  }

  /**
   * How many pictures of the filter it would take, once all decisions have arrived.
   * @param {OperationKind} operation
   * @returns {Promise<number>}
   */
  async count(operation) {
    if (!(await this.queue.flush())) throw new ApiError(0);
    const counts = await fetchJson(config.paths.counts, { params: { ...filterOf(operation), exact: 1 } });
    return counts[operation.count];
  }

  /**
   * @param {OperationKind} operation
   * @param {string} note why
   * @param {string} schedule when it shows, or empty for now
   */
  begin(operation, note, schedule) {
    const content = { id: newId(), kind: operation.kind, filter: filterOf(operation), note };
    return this.#run(() => post(config.paths.operations, schedule ? { ...content, schedule } : content));
  }

  /** @param {number} image */
  restore(image) {
    return this.#run(() => post(config.paths.operations, { id: newId(), kind: "restore", images: [image], note: "" }));
  }

  /**
   * Change emotion or favorite of these pictures, or of all of the filter.
   * @param {number[] | null} images
   * @param {{emotion?: string, favorite?: string}} labels
   */
  label(images, labels) {
    const chosen = images ? { images } : { filter: config.filter };
    return this.#run(() => post(config.paths.operations, { id: newId(), kind: "label", labels, note: "", ...chosen }));
  }

  /** @param {string} id */
  undo(id) {
    return this.#run(() => post(`${config.paths.operations}/${id}/undo`, {}), false);
  }

  /**
   * @param {() => Promise<Act>} ask
   * @param {boolean} [mayBeUndone]
   */
  async #run(ask, mayBeUndone = true) {
    this.#busy = true;
    this.#notify("progress", null);
    try {
      const act = await this.#watch(await ask());
      if (mayBeUndone && act.undoable)
        this.undoStack.add({ kind: "act", id: act.id, what: act.kind, count: act.total });
      this.#notify("done", act);
      return act;
    } finally {
      this.#busy = false;
      this.#notify("rest", null);
    }
  }

  /**
   * A lost network only delays the news: the act goes on without us.
   * @param {Act} begun
   */
  async #watch(begun) {
    let act = begun;
    while (act.state === "queued" || act.state === "running") {
      this.#notify("progress", act);
      await pause(POLL_MS);
      try {
        act = await fetchJson(`${config.paths.operations}/${act.id}`);
      } catch (error) {
        if (!(error instanceof ApiError) || error.kind !== "network") throw error;
      }
    }
    if (act.state === "failed") throw new ApiError(422, { detail: act.error });
    return act;
  }

  /**
   * @param {string} what
   * @param {Act | null} act
   */
  #notify(what, act) {
    this.dispatchEvent(new CustomEvent(what, { detail: act }));
  }
}

/** @param {OperationKind} operation */
function filterOf(operation) {
  return operation.verdict ? { ...config.filter, verdict: operation.verdict } : config.filter;
}
