/** What keys and buttons do. */

import { post } from "../../../garden/lib/http.js";
import { gettext, interpolate } from "../../../garden/lib/i18n.js";
import { errorMessage } from "../../../garden/lib/messages.js";
import { count, offerWalls, showStatus } from "./bar.js";
import { config } from "./config.js";
import { askCollection, askLabels, confirmMany, explain, showPublished } from "./dialogs.js";
import { filterOf, OPERATIONS } from "./operations.js";

/**
 * @typedef {Object} Room
 * @property {import("./screen.js").ReviewScreen} screen
 * @property {import("./grid.js").Grid} grid
 * @property {import("./decisions.js").Decisions} decisions
 * @property {import("./operations.js").Operations} operations
 * @property {import("./undo.js").UndoStack} undoStack
 * @property {import("./marks.js").Marking} marking
 */

/** @type {Record<string, string>} */
const UNDONE = {
  remove: gettext("Back from the trash: {count}"),
  publish: gettext("Withdrawn from the garden: {count}"),
  label: gettext("Changed back: {count}"),
  restore: gettext("Back in the trash: {count}"),
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
    if (operations.busy) return showStatus(gettext("Please wait: the last step is still running."));
    try {
      await work();
    } catch (error) {
      const { kind, detail } = /** @type {import("../../../garden/lib/http.js").ApiError} */ (error);
      if (kind === "refused" && detail) explain(detail);
      else showStatus(errorMessage(error));
    }
  };

  /**
   * To the marked pictures, or to those of the filter.
   * @param {"remove" | "publish" | "restore" | "purge"} name
   */
  const propose = (name) =>
    attempt(async () => {
      if (!config.may[name]) return;
      const operation = OPERATIONS[name];
      const marked = screen.marks.all;
      if (marked.length === 0 && !config.may.all) return showStatus(gettext("Mark pictures first."));
      const pictures = marked.length || (await operations.count(operation.verdict, operation.count));
      if (pictures === 0) return showStatus(operation.none);
      const answer = await confirmMany(operation, pictures, marked.length > 0);
      if (!answer) return;
      const pick = marked.length ? { images: marked } : { filter: filterOf(operation.verdict) };
      const act = await operations.begin(operation.kind, pick, answer);
      if (marked.length) screen.marks.clear();
      const did = answer.schedule ? gettext("Scheduled: {count}") : operation.did;
      showStatus(interpolate(did, { count: act.total }));
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
    const { title, zone: name, slots } = hung;
    showStatus(gettext("Now shown in {zone}: {slots}", { zone: title || name, slots: slots.join(", ") }));
  };

  const restore = () =>
    attempt(async () => {
      if (!config.may.restore || !screen.current) return;
      const act = await operations.begin("restore", { images: [screen.current.id] });
      showStatus(interpolate(OPERATIONS.restore.did, { count: act.total }));
      await renew();
    });

  /** The marked pictures, or this one. */
  const chosen = () => (screen.marks.count ? screen.marks.all : screen.current ? [screen.current.id] : []);

  /** The marked pictures, or this one, go into the tray of the wall editor. */
  const wall = () => {
    if (config.may.wall && screen.current) location.assign(`${config.paths.wallEditor}?images=${chosen()}`);
  };

  const label = () =>
    attempt(async () => {
      if (!config.may.label || !screen.current) return;
      const current = screen.current.id;
      const all = config.may.all ? await operations.count("", "all") : 0;
      const answer = await askLabels({ this: 1, marked: screen.marks.count, all });
      if (!answer) return;
      const images = answer.which === "this" ? [current] : screen.marks.all;
      const pick = answer.which === "all" ? { filter: config.filter } : { images };
      const act = await operations.begin("label", pick, { labels: answer.labels });
      if (answer.which === "marked") screen.marks.clear();
      showStatus(gettext("Changed: {count}", { count: act.total }));
      await renew();
    });

  const collect = () =>
    attempt(async () => {
      if (!config.may.collect || !screen.current) return;
      const answer = await askCollection({ this: 1, marked: screen.marks.count, all: 0 });
      if (!answer) return;
      const images = answer.which === "marked" ? screen.marks.all : [screen.current.id];
      const { name, changed } = await post(config.paths.collections, { ...answer, which: undefined, images });
      const said = answer.remove ? gettext("Removed from {name}: {count}") : gettext("Added to {name}: {count}");
      showStatus(interpolate(said, { name, count: changed }));
      if (config.filter.collection) await renew();
    });

  const download = () => {
    if (screen.current) location.assign(`${config.paths.download}?ids=${chosen()}`);
  };

  const alike = () => {
    if (screen.current) location.assign(`${config.paths.library}?state=all&like=${screen.current.id}`);
  };

  const undo = () =>
    attempt(async () => {
      const step = undoStack.last;
      if (step?.kind === "decision") decisions.takeBack(step);
      if (step?.kind === "act") await operations.undo(step.id);
      if (step) undoStack.takeBack();
      if (step?.kind !== "act") return;
      showStatus(interpolate(UNDONE[step.what], { count: step.count }));
      await renew();
    });

  const retouch = () => {
    if (config.may.retouch && screen.current) location.assign(`${config.paths.studio}?image=${screen.current.id}`);
  };

  const batch = () => {
    const selection = screen.marks.count ? { marked: "1" } : config.filter;
    if (config.may.retouch) location.assign(`${config.paths.batch}?${new URLSearchParams(selection)}`);
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
    publish: () => propose(config.may.restore ? "restore" : "publish"),
    remove: () => propose("remove"),
    restore,
    restore_all: () => propose("restore"),
    purge: () => propose("purge"),
    wall,
    label,
    collect,
    download,
    alike,
    larger: () => grid.zoom(1),
    smaller: () => grid.zoom(-1),
    retouch,
    batch,
    help,
  };
  return (action) => void doing[action]?.();
}
