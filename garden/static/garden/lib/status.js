/** The one line at which a page says what happens, also to those who listen. */

import { find, setText } from "./page.js";

/** @param {string} text @param {"plain" | "error"} [kind] */
export function showStatus(text, kind = "plain") {
  const line = find("[data-status]");
  line.dataset.kind = kind;
  setText(line, text);
}
