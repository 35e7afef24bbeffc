/**
 * Likes on their way to the garden, one after the other. A like that cannot be delivered is tried again with the
 * same eventId, so it is counted once; it outlives the visit (it names nobody) but never the page.
 */

import { config } from "./config.js";
import { newId } from "./ids.js";

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30000;
const GIVE_UP_MS = 10 * 60 * 1000;

/** @type {{body: string, since: number}[]} */
const waiting = [];
let delivering = false;

/**
 * @param {{id: string, itemId: string | null, impression: string[], recommendationId?: string | number, like?: boolean}} like
 */
export function sendLike(like) {
  waiting.push({ body: JSON.stringify({ ...like, eventId: newId() }), since: Date.now() });
  void deliver();
}

/** The page goes away: hand everything that waits to the browser. */
export function sendWaitingLikes() {
  for (const { body } of waiting) void post(body).catch(() => {});
}

async function deliver() {
  if (delivering) return;
  delivering = true;
  let wait = FIRST_WAIT_MS;
  while (waiting.length > 0) {
    if (await isSettled(waiting[0])) {
      waiting.shift();
      wait = FIRST_WAIT_MS;
    } else {
      await new Promise((resolve) => setTimeout(resolve, wait));
      wait = Math.min(wait * 2, LONGEST_WAIT_MS);
    }
  }
  delivering = false;
}

/**
 * Whether nothing more is to be done: it arrived, was refused for good, or is too old.
 * @param {{body: string, since: number}} like
 */
async function isSettled({ body, since }) {
  if (Date.now() - since > GIVE_UP_MS) return true;
  try {
    const response = await post(body);
    return response.status < 500 && response.status !== 429;
  } catch {
    return false;
  }
}

/** @param {string} body */
function post(body) {
  const headers = { "Content-Type": "application/json", "X-CSRFToken": config.csrfToken };
  return fetch(config.paths.like, { method: "POST", body, headers, keepalive: true });
}
