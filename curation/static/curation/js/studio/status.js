/** The one line at which the page says what happens. */

import { ApiError } from "../../../garden/lib/http.js";
import { errorSentence, find, setText } from "../../../garden/lib/page.js";
import { word } from "./config.js";

/**
 * @param {string} text
 * @param {"plain" | "trouble"} [kind]
 */
export function say(text, kind = "plain") {
  const line = find("[data-said]");
  line.dataset.kind = kind;
  setText(line, text);
}

/**
 * Shows why a request failed; other errors are thrown on.
 * @param {unknown} error
 */
export function sayError(error) {
  if (!(error instanceof ApiError)) throw error;
  const answered = error.kind === "refused" || error.kind === "server";
  say((answered && error.detail) || errorSentence(error, word), "trouble");
}

/**
 * Does it, and says what goes wrong.
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T | undefined>}
 */
export async function trying(work) {
  try {
    return await work();
  } catch (error) {
    sayError(error);
    return undefined;
  }
}
