/** Keys of the near duplicates: J and K go from group to group, others press a button of the group at hand. */

import { find, findAll } from "../../garden/lib/page.js";

const STEPS = new Map([
  ["j", 1],
  ["arrowdown", 1],
  ["k", -1],
  ["arrowup", -1],
]);
const TURNS = new Map([
  ["arrowright", 1],
  ["arrowleft", -1],
]);
let at = 0;

const groups = () => findAll("form.alike-group");

document.addEventListener("focusin", (event) => {
  const group = /** @type {Element} */ (event.target).closest("form.alike-group");
  if (group instanceof HTMLElement) show(groups().indexOf(group));
});
document.addEventListener("htmx:after:swap", () => show(at, document.activeElement === document.body));
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const key = event.key.toLowerCase();
  const group = groups()[at];
  const button = /** @type {HTMLElement | null} */ (
    group?.querySelector(`[data-key="${CSS.escape(key)}"]`) ??
      document.querySelector(`.dock [data-key="${CSS.escape(key)}"]`)
  );
  if (STEPS.has(key)) show(at + (STEPS.get(key) ?? 0), true);
  else if (TURNS.has(key) && group) turn(group, TURNS.get(key) ?? 0);
  else if (button) button.click();
  else return;
  event.preventDefault();
});
show(0);
document.documentElement.dataset.ready = "";

/** @param {number} place @param {boolean} [move] with the focus */
function show(place, move = false) {
  const all = groups();
  at = Math.max(0, Math.min(place, all.length - 1));
  for (const group of all) group.removeAttribute("aria-current");
  all[at]?.setAttribute("aria-current", "true");
  find(".alike-hint").hidden = all.length === 0;
  if (!move || !all[at]) return;
  all[at].scrollIntoView({ block: "nearest" });
  all[at].focus({ preventScroll: true });
}

/** Choose another picture. @param {HTMLElement} group @param {number} steps */
function turn(group, steps) {
  const boxes = /** @type {HTMLInputElement[]} */ (findAll("[name=image]", group));
  const chosen = boxes.findIndex((box) => box.checked);
  const next = boxes[(chosen + steps + boxes.length) % boxes.length];
  next.checked = true;
  next.closest("li")?.scrollIntoView({ block: "nearest", inline: "nearest" });
}
