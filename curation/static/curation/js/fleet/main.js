/** The fleet page: the state of every device. */

import { ApiError, fetchJson } from "../../../garden/lib/http.js";
import { find } from "../../../garden/lib/page.js";
import { Poll } from "../../../garden/lib/poll.js";
import { ago, config, first, setClock, word, write } from "./config.js";
import { fits, fitsZone, startFilter, toggleProblems } from "./filter.js";
import { List } from "./list.js";
import { showPlans } from "./plan.js";

const list = new List(find(".fleet-devices"));
const plans = find(".fleet-plans");
const errorLine = find(".fleet-error");
const EVERY_MS = 5000;
let fleet = first;
let heardAt = new Date().toISOString();
const poll = new Poll(
  () => config.paths.fleet,
  (news, date) => {
    if (!news) return true;
    setClock(date);
    show(news);
    return true;
  },
  { soonMs: EVERY_MS, lateMs: EVERY_MS, onError: showError },
);

/** @param {import("./config.js").Fleet} news */
function show(news) {
  fleet = news;
  list.keepPlace(() => lay(news));
}

/** @param {import("./config.js").Fleet} news */
function lay(news) {
  const { counts } = news;
  write(find(".fleet-total"), counts.watched ? word("summary", counts) : word("summary_none"));
  for (const state of ["alarm", "trouble", "unseen", "off"]) {
    write(find(`[data-count="${state}"]`), counts[state] ? word(`count_${state}`, { n: counts[state] }) : "");
  }
  write(find(".fleet-unwatched"), news.watching || !counts.watched ? "" : word("not_watching"));
  write(find(".fleet-untold"), news.untold && word("untold", { why: news.untold }));
  const shown = list.show(news.devices, fits);
  write(find(".fleet-none"), shown === 0 && news.devices.length > 0 ? word("none") : "");
  showPlans(plans, news.zones, news.devices, fitsZone);
}

/** @param {ApiError | null} error */
function showError(error) {
  if (!error) heardAt = new Date().toISOString();
  const sentence = error?.kind === "refused" ? error.detail : "";
  const words = error ? sentence || word(`trouble_${error.kind}`, { ago: ago(heardAt) }) : "";
  list.keepPlace(() => write(errorLine, words));
}

list.list.addEventListener("click", async (event) => {
  const button = /** @type {Element} */ (event.target).closest("[data-hours]");
  const card = button?.closest(".device");
  if (!button || !card) return;
  try {
    const data = { device: card.id, hours: Number(button.getAttribute("data-hours")) };
    const news = await fetchJson(config.paths.quiet, { data });
    poll.forget();
    show(news);
    /** @type {HTMLDetailsElement} */ (find("details", card)).open = false;
    find("summary", card).focus();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    showError(error);
  }
});

document.addEventListener("keydown", (event) => {
  const target = /** @type {Element} */ (event.target);
  if (event.ctrlKey || event.metaKey || event.altKey || target.closest("select, textarea")) return;
  const key = event.code.startsWith("Key") ? event.code.slice(3).toLowerCase() : "";
  if (key === "j") list.move(1);
  if (key === "k") list.move(-1);
  if (key === "p" && !event.repeat) toggleProblems();
});

startFilter(() => show(fleet));
show(first);
poll.start();
document.documentElement.dataset.ready = "true";
