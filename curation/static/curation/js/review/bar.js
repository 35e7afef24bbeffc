/** The bar that does not move: counts, the current picture, how far an operation is, and one sentence for everybody. */

import { fetchJson } from "../../../garden/lib/http.js";
import { gettext } from "../../../garden/lib/i18n.js";
import { find, findAll } from "../../../garden/lib/page.js";
import { showStatus } from "../../../garden/lib/status.js";
import { config } from "./config.js";
import { listing } from "./listing.js";
import { moodOf } from "./tile.js";

const COUNT_AFTER_MS = 600;
const numbers = new Intl.NumberFormat(document.documentElement.lang);
const meter = /** @type {HTMLProgressElement} */ (find(".review-bar progress"));
let timer = 0;
let requests = 0;

listing.addEventListener("move", showCurrent);
listing.addEventListener("change", showCurrent);
listing.addEventListener("change", countSoon);

/** @param {{done: number, total: number}} [operation] none: it is not known yet how far it is */
export function showProgress(operation) {
  meter.hidden = false;
  meter.removeAttribute("value");
  if (!operation?.total) return;
  const { done, total } = operation;
  meter.max = total;
  meter.value = done;
  showStatus(gettext("{done} of {total} …", { done, total }));
}

export function hideProgress() {
  meter.hidden = true;
}

/** Counts follow once the curator rests. */
export function countSoon() {
  clearTimeout(timer);
  timer = window.setTimeout(() => void count(), COUNT_AFTER_MS);
}

export async function count() {
  clearTimeout(timer);
  requests += 1;
  const request = requests;
  try {
    const counts = await fetchJson(config.paths.counts, { params: { ...config.filter, verdict: "" } });
    if (request !== requests) return; // Asked again since: this answer is older than the decisions on the screen.
    for (const element of findAll("[data-count]")) {
      const name = element.dataset.count ?? "";
      element.textContent = numbers.format(counts[name]) + (counts.at_least.includes(name) ? "+" : "");
    }
  } catch {
    // The old numbers stay; the next decision asks again.
  }
}

function showCurrent() {
  const { current } = listing;
  const about = current ? [`№ ${current.id}`, moodOf(current), current.prompt] : [];
  find(".bar-current").textContent = about.filter(Boolean).join(" · ");
  const pressed = [current?.mine?.verdict, `rate_${current?.mine?.rating}`];
  for (const button of findAll(".bar-decide button")) {
    button.setAttribute("aria-pressed", String(pressed.includes(button.dataset.action)));
  }
}

/** The garden's own reason why it did nothing; it may be long, and stays until it is read. @param {string} reason */
export function explain(reason) {
  find(".notice-text").textContent = reason;
  /** @type {HTMLDialogElement} */ (find("#notice")).showModal();
}
