/** The bar that does not move: counts, what is saved, what can be taken back, how far an act is. */

import { fetchJson } from "../../../garden/lib/http.js";
import { gettext, interpolate } from "../../../garden/lib/i18n.js";
import { setText } from "../../../garden/lib/page.js";
import { config } from "./config.js";
import { moodOf } from "./tile.js";

const bar = /** @type {HTMLElement} */ (document.querySelector(".review-bar"));
const COUNT_AFTER_MS = 600;
/** @type {Record<string, string>} */
const SAVED = {
  saved: gettext("All decisions are saved"),
  saving: gettext("Saving {count} …"),
  offline: gettext("Offline: {count} saved in this browser, sent when the server answers"),
  signed_out: gettext("Signed out: {count} saved in this browser."),
};
/** @type {Record<string, string>} */
const UNDO = {
  remove: gettext("Undo: removed {count}"),
  publish: gettext("Undo: published {count}"),
  label: gettext("Undo: changed {count}"),
  restore: gettext("Undo: restored {count}"),
};
const numbers = new Intl.NumberFormat(config.language);
let timer = 0;
let asked = 0;

/** @param {(action: string) => void} act */
export function listenToBar(act) {
  for (const button of document.querySelectorAll("[data-action]")) {
    button.addEventListener("click", (event) => {
      const { dataset } = /** @type {HTMLElement} */ (button);
      // A pointer leaves no focus behind: the next space means full screen, not the same button again.
      if (/** @type {MouseEvent} */ (event).detail > 0) /** @type {HTMLElement} */ (button).blur();
      act(dataset.action ?? "");
    });
  }
}

/**
 * The way to the walls, after publishing.
 * @param {string} operation
 * @param {string} zone the wall that was chosen, or empty
 */
export function offerWalls(operation, zone) {
  const link = /** @type {HTMLAnchorElement | null} */ (bar.querySelector(".bar-walls"));
  if (!link) return;
  link.pathname = `${new URL(link.dataset.walls ?? "", location.href).pathname}${zone && `${encodeURIComponent(zone)}/`}`;
  link.search = new URLSearchParams({ operation }).toString();
  link.hidden = false;
}

/** Counts follow once the curator rests. */
export function countSoon() {
  clearTimeout(timer);
  timer = window.setTimeout(() => void count(), COUNT_AFTER_MS);
}

export async function count() {
  clearTimeout(timer);
  const question = ++asked;
  try {
    const counts = await fetchJson(config.paths.counts, { params: { ...config.filter, verdict: "" } });
    if (question !== asked) return; // Asked again since: this answer is older than the decisions on the screen.
    for (const element of document.querySelectorAll("[data-count]")) {
      const name = /** @type {HTMLElement} */ (element).dataset.count ?? "";
      element.textContent = numbers.format(counts[name]) + (counts.at_least.includes(name) ? "+" : "");
    }
  } catch {
    // The old numbers stay; the next decision asks again.
  }
}

/** @param {import("./queue.js").Queue} queue */
export function showSaved(queue) {
  const element = /** @type {HTMLElement} */ (bar.querySelector(".bar-saved"));
  element.dataset.state = queue.state;
  element.textContent = interpolate(SAVED[queue.state], { count: queue.length });
  const entrance = /** @type {HTMLElement} */ (bar.querySelector(".bar-sign-in"));
  entrance.hidden = queue.state !== "signed_out";
}

/** Buttons that are for the marked pictures where there are some: their label then, and else. */
const FOR_MARKED = [
  [".remove-what", gettext("Remove the {count} marked"), gettext("Remove disliked")],
  [".publish-what", gettext("Publish the {count} marked"), gettext("Publish liked")],
  [".restore-what", gettext("Restore the {count} marked"), gettext("Restore all")],
  [".batch-what", gettext("Retouch the {count} marked"), gettext("Retouch all of these")],
];

/**
 * How many pictures are marked, whether this one is, and what the key for many is for now.
 * @param {import("./screen.js").ReviewScreen} screen
 */
export function showMarks({ marks, current }) {
  const { count } = marks;
  const group = bar.querySelector(".bar-marks");
  if (!group) return;
  const marked = current !== undefined && marks.has(current.id);
  group.querySelector('[data-action="mark"]')?.setAttribute("aria-pressed", String(marked));
  /** @type {HTMLElement} */ (group.querySelector('[data-action="unmark"]')).hidden = count === 0;
  write(group, ".bar-marked", count ? gettext("{count} marked", { count }) : "");
  for (const [part, marked, all] of FOR_MARKED) write(bar, part, count ? interpolate(marked, { count }) : all);
}

/** @param {import("./undo.js").Step | undefined} step */
export function showPast(step) {
  const button = /** @type {HTMLButtonElement} */ (bar.querySelector('[data-action="undo"]'));
  button.disabled = !step;
  const what = /** @type {HTMLElement} */ (button.querySelector(".undo-what"));
  if (step?.kind === "act") what.textContent = interpolate(UNDO[step.what], { count: step.count });
  else what.textContent = gettext("Undo");
}

/** @param {{done: number, total: number} | null} act */
export function showProgress(act) {
  const meter = /** @type {HTMLProgressElement} */ (bar.querySelector("progress"));
  meter.hidden = false;
  if (act && act.total > 0) {
    meter.max = act.total;
    meter.value = act.done;
    showStatus(gettext("{done} of {total} …", { done: act.done, total: act.total }));
  } else meter.removeAttribute("value");
}

export function hideProgress() {
  /** @type {HTMLElement} */ (bar.querySelector("progress")).hidden = true;
}

/** One sentence for everybody, also for those who listen. @param {string} text */
export function showStatus(text) {
  /** @type {HTMLElement} */ (bar.querySelector(".bar-message")).textContent = text;
}

/** @param {import("./picture_list.js").Picture | undefined} picture */
export function showCurrent(picture) {
  const mine = picture?.mine?.verdict ?? "";
  const current = /** @type {HTMLElement} */ (bar.querySelector(".bar-current"));
  current.textContent = picture ? [`№ ${picture.id}`, moodOf(picture), picture.prompt].filter(Boolean).join(" · ") : "";
  for (const verdict of ["like", "dislike"]) {
    bar.querySelector(`[data-action="${verdict}"]`)?.setAttribute("aria-pressed", String(mine === verdict));
  }
  for (const button of bar.querySelectorAll('[data-action^="rate_"]')) {
    const rating = Number(/** @type {HTMLElement} */ (button).dataset.action?.slice(-1));
    button.setAttribute("aria-pressed", String(rating === (picture?.mine?.rating ?? 0)));
  }
}

/**
 * Live regions speak when they are written.
 * @param {Element} within
 * @param {string} part
 * @param {string} text
 */
function write(within, part, text) {
  const element = within.querySelector(part);
  if (element) setText(element, text);
}
