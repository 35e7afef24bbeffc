/** Keys of the near duplicates: J and K go from group to group; letters press a button of the group at hand. */

import { find, findAll, shortcutOf } from "../../garden/lib/page.js";

/** @type {Record<string, number>} */
const STEPS = { j: 1, arrowdown: 1, k: -1, arrowup: -1 };
let at = 0;

const groups = () => findAll("form.alike-group");

document.addEventListener("focusin", (event) => {
  const group = /** @type {Element} */ (event.target).closest("form.alike-group");
  if (group instanceof HTMLElement) show(groups().indexOf(group));
});
document.addEventListener("htmx:after:swap", () => {
  if (document.activeElement === document.body) go(at);
  else show(at);
});
document.addEventListener("keydown", (event) => {
  const steps = STEPS[event.key.toLowerCase()];
  const pressed = shortcutOf(event, groups()[at]) ?? shortcutOf(event, find(".dock"));
  if (pressed) pressed.click();
  if (!steps || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  go(at + steps);
});
show(0);
focus();
document.documentElement.dataset.ready = "";

/** @param {number} place */
function show(place) {
  const all = groups();
  at = Math.max(0, Math.min(place, all.length - 1));
  for (const group of all) group.removeAttribute("aria-current");
  all[at]?.setAttribute("aria-current", "true");
}

/** @param {number} place */
function go(place) {
  show(place);
  groups()[at]?.scrollIntoView({ block: "nearest" });
  focus();
}

/** On the picture that is chosen: the browser's arrows choose another. */
function focus() {
  for (const chosen of findAll("[aria-current] input:checked")) chosen.focus({ preventScroll: true });
}
