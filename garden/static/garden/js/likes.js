/**
 * Likes on their way to the garden, one after the other. A like that cannot be delivered is tried again with the
 * same eventId, so it is counted once; it outlives the visit (it is anonymous) but not the page.
 */

import { ApiError, request } from "../lib/http.js";
import { newId, pause } from "../lib/page.js";
import { config } from "./config.js";
import { visit } from "./visit.js";

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30000;
const GIVE_UP_MS = 10 * 60 * 1000;

/** @type {Set<Record<string, unknown>>} */
const waiting = new Set();
/** The delivery of the latest like. */
let latest = Promise.resolve();

/**
 * @returns {Promise<void>} when nothing more is to be done
 * @param {{itemId: string | null, impression: string[], recommendationId?: string | number, like: boolean}} like
 */
export function sendLike(like) {
  const whole = { id: visit.id, ...like, eventId: newId() };
  const until = Date.now() + GIVE_UP_MS;
  waiting.add(whole);
  latest = latest.then(() => deliver(whole, until));
  return latest;
}

/** The page goes away: hand everything that waits to the browser. */
export function sendWaitingLikes() {
  for (const like of waiting) void sendOnce(like).catch(() => {});
}

/** Until it arrived, was refused for good, or is too old. @param {Record<string, unknown>} like @param {number} until ms */
async function deliver(like, until) {
  let wait = FIRST_WAIT_MS;
  while (Date.now() < until && !(await isSettled(like))) {
    await pause(wait);
    wait = Math.min(wait * 2, LONGEST_WAIT_MS);
  }
  waiting.delete(like);
}

/** @param {Record<string, unknown>} like */
async function isSettled(like) {
  try {
    await sendOnce(like);
    return true;
  } catch (error) {
    return error instanceof ApiError && ["refused", "signed_out"].includes(error.kind);
  }
}

/** @param {Record<string, unknown>} like */
function sendOnce(like) {
  return request(config.paths.like, { data: like, keepalive: true });
}
