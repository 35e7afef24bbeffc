/** Deciding: shown at once, written in the background, taken back with one key. */

import { newId } from "../../../garden/lib/page.js";
import { config } from "./config.js";

/**
 * @typedef {import("./picture_list.js").Picture} Picture
 * @typedef {{verdict: string, rating: number | null}} Vote
 * @typedef {import("./queue.js").Decided} Decided
 */

/** @type {Vote} */
const NO_VOTE = { verdict: "", rating: null };

export class Decisions {
  /**
   * @param {import("./screen.js").ReviewScreen} screen
   * @param {import("./queue.js").Queue} queue
   * @param {import("./undo.js").UndoStack} undoStack
   */
  constructor(screen, queue, undoStack) {
    this.screen = screen;
    this.queue = queue;
    this.undoStack = undoStack;
    queue.addEventListener("decided", (event) => this.#learn(/** @type {CustomEvent} */ (event).detail));
    queue.addEventListener("refused", (event) => this.#forget(/** @type {CustomEvent} */ (event).detail.image));
  }

  /**
   * @param {Picture | undefined} picture
   * @param {Partial<Vote>} change
   * @returns {boolean} whether there was something to decide
   */
  decide(picture, change) {
    if (!picture || picture.gone || !config.may.decide) return false;
    const before = picture.mine ?? NO_VOTE;
    this.undoStack.add({ kind: "decision", image: picture.id, ...before });
    this.#vote(picture, { ...before, ...change });
    return true;
  }

  /**
   * The vote as it was; the screen goes back to its picture if that is in the list.
   * @param {{image: number} & Vote} step
   */
  takeBack({ image, verdict, rating }) {
    const picture = this.screen.list.find(image);
    if (!picture) {
      this.queue.add({ event: newId(), image, verdict, rating });
      return;
    }
    this.#vote(picture, { verdict, rating });
    this.screen.goToPicture(image);
  }

  /**
   * @param {Picture} picture
   * @param {Vote} vote
   */
  #vote(picture, vote) {
    const settles = picture.verdict === "disputed" && config.may.settle_dispute && vote.verdict !== "";
    const alone = picture.verdict === "" || picture.verdict === (picture.mine?.verdict ?? "");
    picture.mine = vote;
    if (settles || (alone && config.votesNeeded < 2)) picture.verdict = vote.verdict;
    if (config.votesNeeded < 2) picture.rating = vote.rating;
    this.screen.changed([picture]);
    this.queue.add({ event: newId(), image: picture.id, ...vote, ...(settles ? { settles } : {}) });
  }

  /**
   * What all votes came to, as the garden says it; a picture decided again meanwhile keeps what is on its way.
   * @param {{decided: Decided[], missing?: number[]}} answer
   */
  #learn({ decided, missing = [] }) {
    const changed = [];
    for (const { image, verdict, rating, mine } of decided) {
      const picture = this.screen.list.find(image);
      if (!picture || this.queue.holds(image) || same(picture, verdict, rating)) continue;
      Object.assign(picture, { verdict, rating, mine: mine ?? picture.mine });
      changed.push(picture);
    }
    this.screen.changed(changed);
    for (const image of missing) this.#forget(image);
  }

  /** @param {number} image */
  #forget(image) {
    const picture = this.screen.list.find(image);
    if (!picture) return;
    picture.gone = true;
    this.screen.changed([picture]);
  }
}

/**
 * @param {Picture} picture
 * @param {string} verdict
 * @param {number | null} rating
 */
function same(picture, verdict, rating) {
  return picture.verdict === verdict && picture.rating === rating;
}
