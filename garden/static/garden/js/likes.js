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

/** @type {{like: Record<string, unknown>, since: number, settled: () => void}[]} */
const waiting = [];
let delivering = false;

/**
 * @returns {Promise<void>} when nothing more is to be done
 * @param {{itemId: string | null, impression: string[], recommendationId?: string | number, like?: boolean}} like
 */
export function sendLike(like) {
  return new Promise((settled) => {
    waiting.push({ like: { id: visit.id, ...like, eventId: newId() }, since: Date.now(), settled });
    void deliver();
  });
}

/** The page goes away: hand everything that waits to the browser. */
export function sendWaitingLikes() {
  for (const { like } of waiting) void deliverOne(like).catch(() => {});
}

async function deliver() {
  if (delivering) return;
  delivering = true;
  let wait = FIRST_WAIT_MS;
  while (waiting.length > 0) {
    if (await isSettled(waiting[0])) {
      waiting.shift()?.settled();
      wait = FIRST_WAIT_MS;
    } else {
      await pause(wait);
      wait = Math.min(wait * 2, LONGEST_WAIT_MS);
    }
  }
  delivering = false;
}

/**
 * Whether nothing more is to be done: it arrived, was refused for good, or is too old.
 * @param {{like: Record<string, unknown>, since: number}} waits
 */
async function isSettled({ like, since }) {
  if (Date.now() - since > GIVE_UP_MS) return true;
  try {
    await deliverOne(like);
    return true;
  } catch (error) {
    const status = error instanceof ApiError ? error.status : 0;
    return status > 0 && status < 500 && status !== 429;
  }
}

/** @param {Record<string, unknown>} like */
function deliverOne(like) {
  return request(config.paths.like, { data: like, keepalive: true });
}
