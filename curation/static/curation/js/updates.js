/** What a page that htmx updates does besides: it reports failures, and keeps focus and place. */

import { gettext } from "../../garden/lib/i18n.js";
import { find, setText } from "../../garden/lib/page.js";

/** @typedef {CustomEvent<{ctx: {response?: {status: number}}}>} HtmxEvent */

const line = find(".request-error");
let answeredAt = new Date();
/** @type {Element | null} */
let focused = null;
/** @type {Element | undefined} */
let anchor;
let top = 0;

document.addEventListener("htmx:error", () => report(0));
document.addEventListener("htmx:response:error", (event) => report(statusOf(event)));
document.addEventListener("htmx:before:swap", () => {
  focused = document.activeElement;
  anchor = findAnchor();
  top = anchor?.getBoundingClientRect().top ?? 0;
});
document.addEventListener("htmx:after:swap", (event) => {
  if (statusOf(event) < 400) {
    answeredAt = new Date();
    write("");
  }
  keepFocus();
  if (anchor?.isConnected) window.scrollBy(0, anchor.getBoundingClientRect().top - top);
});
/** @param {Event} event */
function statusOf(event) {
  return /** @type {HtmxEvent} */ (event).detail.ctx.response?.status ?? 0;
}

/** @param {number} status 0 without a response */
function report(status) {
  const time = answeredAt.toLocaleTimeString(document.documentElement.lang);
  if (status === 0) write(gettext("The server cannot be reached. What you see is from {time}.", { time }));
  else if (status === 401 || status === 403)
    write(gettext("You are signed out. What you see is from {time}.", { time }));
  else if (status < 500) write(gettext("The server refused this."));
  else write(gettext("Server error. What you see is from {time}.", { time }));
}

/** @param {string} sentence */
function write(sentence) {
  setText(line, sentence);
  line.hidden = !sentence;
}

/** What the reader looks at: the row that has the focus, or the first one below the upper edge. */
function findAnchor() {
  const row = focused?.closest("[data-list] > *");
  const list = document.querySelector("[data-list]");
  if (row || !list || list.getBoundingClientRect().top >= 0) return row ?? undefined;
  return [...list.children].find((one) => one.getBoundingClientRect().top >= 0);
}

/** An element that went leaves the focus to the one in its place, or to its row. */
function keepFocus() {
  if (!focused || focused === document.body || focused === document.activeElement) return;
  const heir = focused.isConnected ? focused : (document.getElementById(focused.id) ?? anchor);
  if (heir instanceof HTMLElement) heir.focus({ preventScroll: true });
}
