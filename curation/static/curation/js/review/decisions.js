/** Deciding: shown at once, written in the background, taken back with one key; and what others decide meanwhile. */

import { fetchJson } from "../../../garden/lib/http.js";
import { gettext, interpolate } from "../../../garden/lib/i18n.js";
import { find, newId, pause } from "../../../garden/lib/page.js";
import { showStatus } from "../../../garden/lib/status.js";
import { countSoon } from "./bar.js";
import { config, wordsOf } from "./config.js";
import { grid } from "./grid.js";
import { listing } from "./listing.js";
import { Queue } from "./queue.js";

/**
 * @import { Picture, Schema, Vote } from "./config.js"
 * @typedef {Vote & {kind: "decision", image: number}} DecisionStep the vote that was before
 * @typedef {{kind: "operation", id: string, what: string, count: number}} OperationStep
 */

/** @type {Vote} */
const NO_VOTE = { verdict: "", rating: null };
const SAVED = {
  saved: gettext("All decisions are saved"),
  saving: gettext("Saving {count} …"),
  offline: gettext("Offline: {count} saved in this browser, sent when the server answers"),
  signed_out: gettext("Signed out: {count} saved in this browser."),
};
const STEPS_KEY = `curation.past.${config.user}.${config.filter.state}`;
const MOST_STEPS = 500;
/** What can be taken back; it outlives a reload of this tab. @type {(DecisionStep | OperationStep)[]} */
const steps = JSON.parse(sessionStorage.getItem(STEPS_KEY) ?? "[]");

export const queue = new Queue();
queue.addEventListener("decided", (event) => learn(/** @type {CustomEvent<Schema["Decided"]>} */ (event).detail));
queue.addEventListener("refused", (event) => {
  loseSight(/** @type {CustomEvent<import("./queue.js").Decision>} */ (event).detail.image);
  showStatus(gettext("One decision was refused. The picture shows the saved one."));
});
queue.addEventListener("state", () => {
  showSaved();
  if (queue.state === "saved") countSoon(); // A count asked for before the garden had the decisions was too early.
});
showSaved();
showUndo();

/** @param {Partial<Vote>} change to the current picture @returns {boolean} whether it was decided */
export function decide(change) {
  const { current } = listing;
  if (!current || current.gone || !config.may.decide) return false;
  const before = current.mine ?? NO_VOTE;
  addStep({ kind: "decision", image: current.id, ...before });
  vote(current, { ...before, ...change });
  return true;
}

/** The screen goes back to the picture if that is in the list. @param {DecisionStep} step */
export function undoDecision({ image, verdict, rating }) {
  const picture = listing.find(image);
  if (picture) vote(picture, { verdict, rating });
  else queue.add({ event: newId(), image, verdict, rating });
  listing.goToPicture(image);
}

/** @param {Picture} picture @param {Vote} mine */
function vote(picture, mine) {
  const settles = picture.verdict === "disputed" && config.may.settle_dispute && mine.verdict !== "";
  const alone = picture.verdict === "" || picture.verdict === (picture.mine?.verdict ?? "");
  picture.mine = mine;
  if (settles || (alone && config.votesNeeded < 2)) picture.verdict = mine.verdict;
  if (config.votesNeeded < 2) picture.rating = mine.rating;
  listing.changed([picture]);
  queue.add({ event: newId(), image: picture.id, ...mine, ...(settles && { settles }) });
}

/** What all votes came to; a picture decided again meanwhile keeps what is on its way. @param {Schema["Decided"]} answer */
function learn({ decided, missing = [] }) {
  const changed = decided.map(({ image, verdict, rating, mine }) => update(image, { verdict, rating }, mine));
  listing.changed(changed.filter((picture) => picture !== undefined));
  for (const image of missing) loseSight(image);
}

/** @param {number} image */
function loseSight(image) {
  const picture = listing.find(image);
  if (picture) listing.changed([Object.assign(picture, { gone: true })]);
}

/**
 * @param {number} image
 * @param {Record<string, unknown>} news of its picture
 * @param {Vote | null} [mine]
 * @returns {Picture | undefined} the picture, if something about it is new
 */
function update(image, news, mine) {
  const picture = listing.find(image);
  if (!picture || queue.holds(image)) return undefined;
  const before = /** @type {Record<string, any>} */ (picture);
  const isNew = Object.entries(news).some(([name, value]) => (before[name] || null) !== (value || null));
  return isNew ? Object.assign(picture, news, mine && { mine }) : undefined;
}

function showSaved() {
  const element = find(".bar-saved");
  element.dataset.state = queue.state;
  element.textContent = interpolate(SAVED[queue.state], { count: queue.length });
  find(".bar-sign-in").hidden = queue.state !== "signed_out";
}

/** @param {DecisionStep | OperationStep} step */
export function addStep(step) {
  steps.push(step);
  if (steps.length > MOST_STEPS) steps.shift();
  keepSteps();
}

export function lastStep() {
  return steps.at(-1);
}

export function dropStep() {
  steps.pop();
  keepSteps();
}

function keepSteps() {
  try {
    sessionStorage.setItem(STEPS_KEY, JSON.stringify(steps));
  } catch {
    // Without room it lasts as long as the page.
  }
  showUndo();
}

function showUndo() {
  const step = lastStep();
  const button = /** @type {HTMLButtonElement} */ (find('[data-action="undo"]'));
  button.disabled = !step;
  find(".undo-what", button).textContent =
    step?.kind === "operation" ? interpolate(wordsOf(step.what).undo, { count: step.count }) : gettext("Undo");
}

const EVERY_MS = 3000;
const LONGEST_MS = 60000;
const LOOK_AGAIN = 4; // rounds: pictures that others moved are not in the ledger of decisions
const MOST_IDS = 300;
const PAGE_SIZE = 500;

/** What other curators do appears on the pictures, and moves nothing. */
export async function followOthers() {
  let { cursor } = config;
  let wait = EVERY_MS;
  for (let round = 1; ; round += 1) {
    await pause(wait);
    if (document.hidden) continue;
    try {
      cursor = await showNews(cursor, round % LOOK_AGAIN === 0 ? [listing.at ?? 0, ...grid.shown] : []);
      wait = EVERY_MS;
    } catch {
      wait = Math.min(wait * 2, LONGEST_MS);
    }
  }
}

/** The last decision that is known then. @param {number} after @param {number[]} again pictures to look at again */
async function showNews(after, again) {
  /** @type {Schema["Decisions"]} */
  const { cursor, decisions } = await fetchJson(config.paths.decisions, { params: { after, limit: PAGE_SIZE } });
  const names = new Map(decisions.map(({ image, curator }) => [image, curator]));
  const ids = [...new Set([...names.keys(), ...again])].filter((id) => listing.find(id)).slice(0, MOST_IDS);
  if (ids.length === 0) return cursor;
  /** @type {Schema["ImagePage"]} */
  const page = await fetchJson(config.paths.images, { params: { ids: ids.join(","), limit: MOST_IDS } });
  const now = new Map(page.images.map((picture) => [picture.id, picture]));
  const changed = ids.map((id) => {
    const picture = listing.find(id);
    if (!picture) return undefined;
    const { verdict, rating, state } = now.get(id) ?? { ...picture, state: "" };
    return update(id, { verdict, rating, gone: state !== picture.state, by: names.get(id) ?? picture.by });
  });
  listing.changed(changed.filter((picture) => picture !== undefined));
  return cursor;
}
