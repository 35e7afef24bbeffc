/** What keys and buttons do. */

import { count, offerWalls, showStatus } from "./bar.js";
import { config, word } from "./config.js";
import { askLabels, confirmMany, explain, showPublished } from "./dialogs.js";
import { OPERATIONS } from "./operations.js";

/**
 * @typedef {Object} Room
 * @property {import("./screen.js").ReviewScreen} screen
 * @property {import("./grid.js").Grid} grid
 * @property {import("./decisions.js").Decisions} decisions
 * @property {import("./operations.js").Operations} operations
 * @property {import("./undo.js").UndoStack} undoStack
 * @property {import("./marks.js").Marking} marking
 */

/** What each operation needs, and where it is done. */
const ALLOWED = {
  remove: config.may.remove_images && config.listing !== "trash",
  publish: config.may.publish_images && config.listing === "review",
  restore_all: config.may.restore_images && config.listing === "trash",
  purge: config.may.purge_trash && config.listing === "trash",
};

/**
 * @param {Room} room
 * @returns {(action: string) => void}
 */
export function actions({ screen, grid, decisions, operations, undoStack, marking }) {
  const row = () => (screen.view === "grid" ? grid.columns : 1);
  const screenful = () => row() * (screen.view === "grid" ? grid.rows : 10);

  /** @param {string} verdict */
  const decide = (verdict) => {
    if (decisions.decide(screen.current, { verdict }) && verdict) screen.move(1);
  };

  /** @param {number} rating */
  const rate = (rating) =>
    decisions.decide(screen.current, { rating: screen.current?.mine?.rating === rating ? null : rating });

  /** Loads the list again at the same place. */
  const renew = async () => {
    const { offset } = grid;
    await screen.list.restart(screen.at);
    screen.goTo(screen.place);
    if (screen.view === "grid") grid.hold(offset);
    await count();
  };

  /** @param {() => Promise<void>} work */
  const attempt = async (work) => {
    if (operations.busy) return showStatus(word("busy"));
    try {
      await work();
    } catch (error) {
      const { kind, detail } = /** @type {import("../../../garden/lib/http.js").ApiError} */ (error);
      if (kind === "refused" && detail) explain(detail);
      else showStatus(word(`trouble_${kind ?? "server"}`));
    }
  };

  /** @param {"remove" | "publish" | "restore_all" | "purge"} name */
  const propose = (name) =>
    attempt(async () => {
      if (!ALLOWED[name]) return;
      const operation = OPERATIONS[name];
      const pictures = await operations.count(operation);
      if (pictures === 0) return showStatus(word(`none_${name}`));
      const answer = await confirmMany(name, pictures);
      if (!answer) return;
      const act = await operations.begin(operation, answer.note, answer.schedule);
      showStatus(word(`did_${answer.schedule ? "schedule" : name}`, { count: act.total }));
      await renew();
      if (name === "publish" && !answer.schedule) await follow(act.id, answer.wall);
    });

  /**
   * What comes after publishing: the pictures on a wall, at once or by a link to its editor.
   * @param {string} operation
   * @param {string} zone empty where none was chosen
   */
  const follow = async (operation, zone) => {
    offerWalls(operation, zone);
    if (!zone) return;
    const hung = await showPublished(zone, operation);
    showStatus(word("did_wall", { zone: hung.title || hung.zone, slots: hung.slots.join(", ") }));
  };

  const restore = () =>
    attempt(async () => {
      if (!ALLOWED.restore_all || !screen.current) return;
      await operations.restore(screen.current.id);
      showStatus(word("did_restore_all", { count: 1 }));
      await renew();
    });

  /** The marked pictures, or this one, go into the tray of the wall editor. */
  const wall = () => {
    const images = screen.marks.count ? screen.marks.all : [screen.current?.id];
    if (config.paths.wallEditor && screen.current) location.assign(`${config.paths.wallEditor}?images=${images}`);
  };

  const label = () =>
    attempt(async () => {
      if (!config.marking || !config.may.decide || !screen.current) return;
      const current = screen.current.id;
      const all = await operations.count({ kind: "label", verdict: "", count: "all" });
      const answer = await askLabels({ this: 1, marked: screen.marks.count, all });
      if (!answer) return;
      const images = { this: [current], marked: screen.marks.all, all: null }[answer.which];
      const act = await operations.label(images, answer.labels);
      if (answer.which === "marked") screen.marks.clear();
      showStatus(word("did_label", { count: act.total }));
      await renew();
    });

  const undo = () =>
    attempt(async () => {
      const step = undoStack.last;
      if (step?.kind === "decision") decisions.takeBack(step);
      if (step?.kind === "act") await operations.undo(step.id);
      if (step) undoStack.takeBack();
      if (step?.kind !== "act") return;
      showStatus(word(`undid_${step.what}`, { count: step.count }));
      await renew();
    });

  const retouch = () => {
    if (config.paths.studio && screen.current) location.assign(`${config.paths.studio}?image=${screen.current.id}`);
  };

  const batch = () => {
    const chosen = screen.marks.count ? { marked: "1" } : config.filter;
    if (config.paths.batch) location.assign(`${config.paths.batch}?${new URLSearchParams(chosen)}`);
  };

  const help = () => /** @type {HTMLDialogElement} */ (document.getElementById("help")).showModal();
  const moves = {
    on: () => 1,
    back: () => -1,
    down: row,
    up: () => -row(),
    page_down: screenful,
    page_up: () => -screenful(),
  };

  /** @type {Record<string, () => unknown>} */
  const doing = {
    ...Object.fromEntries(Object.entries(moves).map(([name, steps]) => [name, () => screen.move(steps())])),
    ...Object.fromEntries([1, 2, 3, 4, 5].map((rating) => [`rate_${rating}`, () => rate(rating)])),
    first: () => screen.goTo(0),
    last: () => screen.goTo(screen.list.length - 1),
    like: () => decide("like"),
    dislike: () => decide("dislike"),
    clear: () => decide(""),
    undo,
    full: () => screen.look(screen.view === "one" ? "grid" : "one"),
    leave: () => (screen.view === "one" ? screen.look("grid") : marking.clear()),
    mark: marking.toggle,
    mark_to: marking.reach,
    mark_on: () => marking.along(1),
    mark_back: () => marking.along(-1),
    mark_down: () => marking.along(row()),
    mark_up: () => marking.along(-row()),
    unmark: marking.clear,
    publish: () => (config.listing === "trash" ? propose("restore_all") : propose("publish")),
    remove: () => propose("remove"),
    restore,
    restore_all: () => propose("restore_all"),
    purge: () => propose("purge"),
    wall,
    label,
    retouch,
    batch,
    help,
  };
  return (action) => void doing[action]?.();
}
