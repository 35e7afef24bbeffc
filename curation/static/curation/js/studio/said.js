/** The one line at which the studio says what happens. */

import { find } from "./given.js";
import { Trouble } from "./server.js";

/**
 * @param {string} text
 * @param {"plain" | "trouble"} [kind]
 */
export function say(text, kind = "plain") {
  const line = find("[data-said]");
  line.dataset.kind = kind;
  if (line.textContent !== text) line.textContent = text;
}

/**
 * Does it; a trouble on the way is said.
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T | undefined>}
 */
export async function trying(work) {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    say(error.message, "trouble");
    return undefined;
  }
}
