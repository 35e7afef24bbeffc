/** All that the page knows of the visitor, in memory only, and the one way to forget it. */

import { request } from "../lib/http.js";
import { newId } from "../lib/page.js";
import { config } from "./config.js";

/**
 * @typedef {Required<import("schemas").Schema["GardenImage"]>} Picture its emotion is `emotion` or `emotion/favorite`
 * @typedef {{landscape: Picture[], portrait: Picture[], recommendationId?: string | number}} Garden
 *
 * @typedef {Object} Visit
 * @property {string} id
 * @property {string} [generation]
 * @property {string} [gender]
 * @property {Record<string, number>} [scores]
 * @property {string} [guess] what the face looked like
 * @property {boolean} [answered] whether the visitor answered the guess
 * @property {string} [emotion] the visitor's own answer
 * @property {string} [consent] the number of what was agreed to
 * @property {Picture[]} liked the one liked last is the last
 * @property {Set<string>} hung keys of pictures that were sent to the wall
 */

/** @type {Visit} */
export let visit = begin();

let ending = new AbortController();
/** @type {Set<() => void>} */
const wipers = new Set();

/** Aborts every request of the visit when the visit is forgotten. */
export function visitSignal() {
  return ending.signal;
}

/** Whatever holds something of the visitor says here how to wipe it. @param {() => void} wipe */
export function onForget(wipe) {
  wipers.add(wipe);
}

/** Wipe the visitor: their id, reading, pictures, frames and running requests. */
export function forget() {
  ending.abort();
  ending = new AbortController();
  if (config.privacy.forgetsAtGoodbye && (visit.emotion || visit.guess)) {
    leaving.add(visit.id);
    setTimeout(eraseLeaving, AFTER_LIKES_MS);
  }
  visit = begin();
  for (const wipe of wipers) wipe();
}

/** @returns {Visit} */
function begin() {
  return { id: newId(), liked: [], hung: new Set() };
}

/** Later than the last likes of the visit, which would make the visitor known again. */
const AFTER_LIKES_MS = 2000;

/** Ids that the server is to erase, too. @type {Set<string>} */
const leaving = new Set();

export function eraseLeaving() {
  for (const id of leaving) void request(config.paths.forget, { data: { id }, keepalive: true }).catch(() => {});
  leaving.clear();
}
