/** Removing, publishing, restoring: one request, its progress, and undo with one key. */

import { ApiError, fetchJson, post } from "../../../garden/lib/http.js";
import { gettext } from "../../../garden/lib/i18n.js";
import { newId, pause } from "../../../garden/lib/page.js";
import { config } from "./config.js";

/**
 * @typedef {{id: string, kind: string, state: string, total: number, done: number, error?: string, undoable: boolean}} Act
 * @typedef {Object} OperationKind
 * @property {string} kind
 * @property {string} verdict of the filter's pictures that it takes; empty for all
 * @property {string} count name of that verdict in counts
 * @property {string} ask the question about them
 * @property {string} askMarked the question about marked pictures
 * @property {string} hint what it does
 * @property {string} button
 * @property {string} none that there is no such picture
 * @property {string} did
 */

const POLL_MS = 400;

/** @type {Record<string, OperationKind>} */
export const OPERATIONS = {
  remove: {
    kind: "remove",
    verdict: "dislike",
    count: "disliked",
    ask: gettext("Remove {count} disliked?"),
    askMarked: gettext("Remove {count} marked?"),
    hint: gettext("They go to the trash and can be restored from there."),
    button: gettext("Remove {count}"),
    none: gettext("No picture of this filter is disliked."),
    did: gettext("Removed: {count}"),
  },
  publish: {
    kind: "publish",
    verdict: "like",
    count: "liked",
    ask: gettext("Publish {count} liked?"),
    askMarked: gettext("Publish {count} marked?"),
    hint: gettext("Visitors see them from then on, as a new release."),
    button: gettext("Publish {count}"),
    none: gettext("No picture of this filter is liked."),
    did: gettext("Published: {count}"),
  },
  restore: {
    kind: "restore",
    verdict: "",
    count: "all",
    ask: gettext("Restore {count} from the trash?"),
    askMarked: gettext("Restore {count} marked?"),
    hint: gettext("They go back to where they were."),
    button: gettext("Restore {count}"),
    none: gettext("Nothing to restore here."),
    did: gettext("Restored: {count}"),
  },
  purge: {
    kind: "purge",
    verdict: "",
    count: "all",
    ask: gettext("Delete {count} permanently?"),
    askMarked: gettext("Delete {count} marked permanently?"),
    hint: gettext("Their files are deleted. This cannot be undone."),
    button: gettext("Delete {count} permanently"),
    none: gettext("Nothing to delete here."),
    did: gettext("Permanently deleted: {count}"),
  },
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
   * How many pictures of the filter have this verdict, once all decisions have arrived.
   * @param {string} verdict empty for any
   * @param {string} name of it in counts
   * @returns {Promise<number>}
   */
  async count(verdict, name) {
    if (!(await this.queue.flush())) throw new ApiError(0);
    const counts = await fetchJson(config.paths.counts, { params: { ...filterOf(verdict), exact: 1 } });
    return counts[name];
  }

  /**
   * @param {string} kind
   * @param {{images: number[]} | {filter: Record<string, string>}} chosen
   * @param {{note?: string, schedule?: string, labels?: Record<string, string>}} [how] why, when (empty for now), and new labels
   * @returns {Promise<Act>}
   */
  begin(kind, chosen, { note = "", schedule, labels } = {}) {
    const how = { ...(schedule && { schedule }), ...(labels && { labels }) };
    return this.#run(() => post(config.paths.operations, { id: newId(), kind, note, ...chosen, ...how }));
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

/** @param {string} verdict empty for any */
export function filterOf(verdict) {
  return verdict ? { ...config.filter, verdict } : config.filter;
}
