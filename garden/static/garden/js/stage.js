/** One moment at a time. A moment enters with what it needs and leaves nothing running. */

import { find, findAll } from "../lib/page.js";

/**
 * @typedef {Object} Moment
 * @property {string} [back] the moment that Back goes to
 * @property {(details?: any) => void | Promise<void>} [enter]
 * @property {() => void} [leave]
 */

/** @type {Map<string, Moment>} */
const moments = new Map();

/** @param {string} name */
export function sectionOf(name) {
  return find(`section[data-moment="${name}"]`);
}

/** @param {string} name @param {Moment} moment */
export function addMoment(name, moment) {
  moments.set(name, moment);
}

export function currentMoment() {
  return document.body.dataset.moment ?? "";
}

/** Whether somebody is in the middle of a visit. */
export function isVisit() {
  return !["", "attract", "goodbye"].includes(currentMoment());
}

/** @param {string} name @param {unknown} [details] for the moment that enters */
export function show(name, details) {
  const next = /** @type {Moment} */ (moments.get(name));
  const section = sectionOf(name);
  moments.get(currentMoment())?.leave?.();
  document.body.dataset.moment = name;
  for (const each of findAll("section[data-moment]")) each.hidden = each !== section;
  find('.bar [data-action="back"]').hidden = !next.back;
  find('.bar [data-action="stop"]').hidden = !isVisit();
  window.scrollTo(0, 0);
  void next.enter?.(details);
  find("h1", section).focus({ preventScroll: true });
}

document.addEventListener("click", (event) => {
  const pressed = /** @type {Element} */ (event.target).closest("[data-show]");
  if (pressed) show(pressed.getAttribute("data-show") ?? "");
});

export function goBack() {
  const back = moments.get(currentMoment())?.back;
  if (back) show(back);
}

/** @param {string} moment @param {string} action @returns {HTMLButtonElement} */
export function button(moment, action) {
  return find(`[data-action="${action}"]`, sectionOf(moment));
}
