/** All that the page knows of the visitor, in memory only, and the one way to forget it. */

import { newId } from "./ids.js";

/**
 * @typedef {Object} Picture
 * @property {string} url
 * @property {string} key
 * @property {string} emotion `emotion` or `emotion/favorite`
 *
 * @typedef {Object} Garden
 * @property {Picture[]} landscape
 * @property {Picture[]} portrait
 * @property {string | number} [recommendationId]
 *
 * @typedef {Object} Visit
 * @property {string} id
 * @property {string} [generation]
 * @property {string} [gender]
 * @property {Record<string, number>} [scores]
 * @property {string} [guess] what the face looked like
 * @property {string} [emotion] what the visitor said
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

/**
 * Whatever holds something of the visitor says here how to wipe it.
 * @param {() => void} wipe
 */
export function onForget(wipe) {
  wipers.add(wipe);
}

/** Wipe the visitor: their id, reading, pictures, frames and running requests. */
export function forget() {
  ending.abort();
  ending = new AbortController();
  visit = begin();
  for (const wipe of wipers) wipe();
}

/** @returns {Visit} */
function begin() {
  return { id: newId(), liked: [], hung: new Set() };
}
