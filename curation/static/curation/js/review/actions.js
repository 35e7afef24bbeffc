/** What keys and buttons do. */

import { DEEDS } from "./acts.js";
import { count, say } from "./bar.js";
import { config } from "./config.js";
import { askLabels } from "./label.js";
import { ask, explain } from "./question.js";
import { sendToWall } from "./wall.js";
import { word } from "./words.js";

/**
 * @typedef {Object} Room
 * @property {import("./desk.js").Desk} desk
 * @property {import("./grid.js").Grid} grid
 * @property {import("./decisions.js").Decisions} decisions
 * @property {import("./acts.js").Acts} acts
 * @property {import("./past.js").Past} past
 * @property {import("./marking.js").Marking} marking
 */

/** What each deed needs, and where it is done. */
const ALLOWED = {
  remove: config.may.remove_images && config.hall !== "trash",
  publish: config.may.publish_images && config.hall === "review",
  restore_all: config.may.restore_images && config.hall === "trash",
  purge: config.may.purge_trash && config.hall === "trash",
};

/**
 * @param {Room} room
 * @returns {(action: string) => void}
 */
export function actions({ desk, grid, decisions, acts, past, marking }) {
  const row = () => (desk.view === "grid" ? grid.columns : 1);
  const screen = () => row() * (desk.view === "grid" ? grid.rows : 10);

  /** @param {string} verdict */
  const decide = (verdict) => {
    if (decisions.decide(desk.current, { verdict }) && verdict) desk.move(1);
  };

  /** @param {number} rating */
  const rate = (rating) =>
    decisions.decide(desk.current, { rating: desk.current?.mine?.rating === rating ? null : rating });

  /** The list anew, the curator where they were. */
  const renew = async () => {
    const { offset } = grid;
    await desk.feed.restart(desk.at);
    desk.goTo(desk.place);
    if (desk.view === "grid") grid.hold(offset);
    await count();
  };

  /** @param {() => Promise<void>} work */
  const attempt = async (work) => {
    if (acts.busy) return say(word("busy"));
    try {
      await work();
    } catch (trouble) {
      const { kind, detail } = /** @type {import("./server.js").Trouble} */ (trouble);
      if (kind === "refused" && detail) explain(detail);
      else say(word(`trouble_${kind ?? "server"}`));
    }
  };

  /** @param {"remove" | "publish" | "restore_all" | "purge"} name */
  const propose = (name) =>
    attempt(async () => {
      if (!ALLOWED[name]) return;
      const deed = DEEDS[name];
      const pictures = await acts.count(deed);
      if (pictures === 0) return say(word(`none_${name}`));
      const answer = await ask(name, pictures);
      if (!answer) return;
      const act = await acts.begin(deed, answer.note, answer.schedule);
      say(word(`did_${answer.schedule ? "schedule" : name}`, { count: act.total }));
      await renew();
    });

  const restore = () =>
    attempt(async () => {
      if (!ALLOWED.restore_all || !desk.current) return;
      await acts.restore(desk.current.id);
      say(word("did_restore_all", { count: 1 }));
      await renew();
    });

  const wall = () =>
    attempt(async () => {
      const hung = desk.current && (await sendToWall(desk.current));
      if (hung) say(word("did_wall", { zone: hung.title || hung.zone, slots: hung.slots.join(", ") }));
    });

  const label = () =>
    attempt(async () => {
      if (!config.marking || !config.may.decide || !desk.current) return;
      const current = desk.current.id;
      const all = await acts.count({ kind: "label", verdict: "", count: "all" });
      const answer = await askLabels({ this: 1, marked: desk.marks.count, all });
      if (!answer) return;
      const images = { this: [current], marked: desk.marks.all, all: null }[answer.which];
      const act = await acts.label(images, answer.labels);
      if (answer.which === "marked") desk.marks.clear();
      say(word("did_label", { count: act.total }));
      await renew();
    });

  const undo = () =>
    attempt(async () => {
      const step = past.last;
      if (step?.kind === "decision") decisions.takeBack(step);
      if (step?.kind === "act") await acts.undo(step.id);
      if (step) past.takeBack();
      if (step?.kind !== "act") return;
      say(word(`undid_${step.what}`, { count: step.count }));
      await renew();
    });

  const retouch = () => {
    if (config.paths.studio && desk.current) location.assign(`${config.paths.studio}?image=${desk.current.id}`);
  };

  const batch = () => {
    const chosen = desk.marks.count ? { marked: "1" } : config.filter;
    if (config.paths.batch) location.assign(`${config.paths.batch}?${new URLSearchParams(chosen)}`);
  };

  const help = () => /** @type {HTMLDialogElement} */ (document.getElementById("help")).showModal();
  const moves = {
    on: () => 1,
    back: () => -1,
    down: row,
    up: () => -row(),
    page_down: screen,
    page_up: () => -screen(),
  };

  /** @type {Record<string, () => unknown>} */
  const doing = {
    ...Object.fromEntries(Object.entries(moves).map(([name, steps]) => [name, () => desk.move(steps())])),
    ...Object.fromEntries([1, 2, 3, 4, 5].map((rating) => [`rate_${rating}`, () => rate(rating)])),
    first: () => desk.goTo(0),
    last: () => desk.goTo(desk.feed.length - 1),
    like: () => decide("like"),
    dislike: () => decide("dislike"),
    clear: () => decide(""),
    undo,
    full: () => desk.look(desk.view === "one" ? "grid" : "one"),
    leave: () => (desk.view === "one" ? desk.look("grid") : marking.clear()),
    mark: marking.toggle,
    mark_to: marking.reach,
    mark_on: () => marking.along(1),
    mark_back: () => marking.along(-1),
    mark_down: () => marking.along(row()),
    mark_up: () => marking.along(-row()),
    unmark: marking.clear,
    publish: () => (config.hall === "trash" ? propose("restore_all") : propose("publish")),
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
