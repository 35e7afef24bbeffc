/** The one line at which the page says what happens. */

import { ApiError } from "../../../garden/lib/http.js";
import { errorMessage } from "../../../garden/lib/messages.js";
import { find, setText } from "../../../garden/lib/page.js";

/** @param {string} text @param {"plain" | "error"} [kind] */
export function showStatus(text, kind = "plain") {
  const line = find("[data-status]");
  line.dataset.kind = kind;
  setText(line, text);
}

/** Shows why a request failed; other errors are thrown on. @param {unknown} error */
export function showError(error) {
  if (!(error instanceof ApiError)) throw error;
  const answered = error.kind === "refused" || error.kind === "server";
  showStatus((answered && error.detail) || errorMessage(error), "error");
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
    showError(error);
    return undefined;
  }
}
