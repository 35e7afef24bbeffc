/**
 * One moment at a time. A moment enters with what it needs and leaves nothing running.
 * @typedef {Object} Moment
 * @property {HTMLElement} element
 * @property {string} [back] the moment that Back goes to
 * @property {(details?: any) => void | Promise<void>} [enter]
 * @property {() => void} [leave]
 */

import { find } from "../lib/page.js";

/** @type {Map<string, Moment>} */
const moments = new Map();
/** @type {string | undefined} */
let current;

/** @param {string} name */
export function sectionOf(name) {
  return find(`section[data-moment="${name}"]`);
}

/** @param {string} name @param {Omit<Moment, "element">} moment */
export function addMoment(name, moment) {
  moments.set(name, { ...moment, element: sectionOf(name) });
}

export function currentMoment() {
  return current;
}

/** @param {string} name @param {unknown} [details] for the moment that enters */
export function show(name, details) {
  const before = current ? moments.get(current) : undefined;
  const next = /** @type {Moment} */ (moments.get(name));
  before?.leave?.();
  if (before) before.element.hidden = true;
  current = name;
  document.body.dataset.moment = name;
  next.element.hidden = false;
  find('.bar [data-action="back"]').hidden = !next.back;
  find('.bar [data-action="stop"]').hidden = name === "attract" || name === "goodbye";
  window.scrollTo(0, 0);
  void next.enter?.(details);
  next.element.querySelector("h1")?.focus({ preventScroll: true });
}

document.addEventListener("click", (event) => {
  const pressed = /** @type {Element} */ (event.target).closest("[data-show]");
  if (pressed) show(pressed.getAttribute("data-show") ?? "");
});

export function goBack() {
  const back = current ? moments.get(current)?.back : undefined;
  if (back) show(back);
}

/**
 * An element of a moment that does something; each is wired once.
 * @param {string} moment
 * @param {string} action
 * @param {(event: Event) => void} act
 */
export function onAction(moment, action, act) {
  button(moment, action).addEventListener("click", act);
}

/** @param {string} moment @param {string} action @returns {HTMLButtonElement} */
export function button(moment, action) {
  return find(`[data-action="${action}"]`, sectionOf(moment));
}
