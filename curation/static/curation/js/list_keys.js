/** The keys of a page with a list or a form: J and K go from row to row, others press what has them. */

import { find, findAll, isTyping, shortcutOf } from "../../garden/lib/page.js";

/** @type {Record<string, number>} */
const STEPS = { j: 1, k: -1 };

document.addEventListener("keydown", (event) => {
  const pressed = shortcutOf(event);
  const steps = STEPS[event.key.toLowerCase()];
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) find('[aria-keyshortcuts="Control+Enter"]')?.click();
  else if (pressed) pressed.click();
  else if (steps && !event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(event.target)) move(steps);
});
window.addEventListener("load", () => {
  document.documentElement.dataset.ready = "true";
});

/** @param {number} steps */
function move(steps) {
  const rows = findAll("[data-list] > *");
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  rows[at < 0 ? 0 : Math.max(0, Math.min(at + steps, rows.length - 1))]?.focus();
}
