/** Where the rules say so, the garden forgets a visitor as soon as they leave. */

import { config } from "./config.js";
import { onForget } from "./visit.js";

/** Later than the last likes of the visit, which would make the visitor known again. */
const AFTER_LIKES_MS = 2000;

/** @type {Set<string>} */
const leaving = new Set();

export function startLeaving() {
  if (!config.privacy.forgetsAtGoodbye) return;
  onForget((left) => {
    if (!left.emotion && !left.guess) return;
    leaving.add(left.id);
    setTimeout(tellWhoLeft, AFTER_LIKES_MS);
  });
  addEventListener("pagehide", tellWhoLeft);
}

function tellWhoLeft() {
  for (const id of leaving) void forgetVisitor(id).catch(() => {});
  leaving.clear();
}

/** @param {string} id */
function forgetVisitor(id) {
  return fetch(config.paths.forget, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": config.csrfToken },
    body: JSON.stringify({ id }),
    keepalive: true,
  });
}
