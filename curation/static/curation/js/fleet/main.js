/** The fleet page: how every device is, as the garden hears of it. */

import { fits, fitsZone, startFilter, toggleProblems } from "./filter.js";
import { find, first } from "./given.js";
import { List } from "./list.js";
import { forgetNews, listen } from "./news.js";
import { showPlans } from "./plan.js";
import { askForQuiet, Trouble } from "./server.js";
import { ago, word, write } from "./words.js";

const list = new List(find(document, ".fleet-devices"));
const plans = find(document, ".fleet-plans");
const trouble = find(document, ".fleet-trouble");
let fleet = first;
let heardAt = new Date().toISOString();

/** @param {import("./given.js").Fleet} news */
function show(news) {
  fleet = news;
  list.keepPlace(() => lay(news));
}

/** @param {import("./given.js").Fleet} news */
function lay(news) {
  const { counts } = news;
  write(find(document, ".fleet-total"), counts.watched ? word("summary", counts) : word("summary_none"));
  for (const state of ["alarm", "trouble", "unseen", "off"]) {
    write(find(document, `[data-count="${state}"]`), counts[state] ? word(`count_${state}`, { n: counts[state] }) : "");
  }
  write(find(document, ".fleet-unwatched"), news.watching || !counts.watched ? "" : word("not_watching"));
  write(find(document, ".fleet-untold"), news.untold && word("untold", { why: news.untold }));
  const shown = list.show(news.devices, fits);
  write(find(document, ".fleet-none"), shown === 0 && news.devices.length > 0 ? word("none") : "");
  showPlans(plans, news.zones, news.devices, fitsZone);
}

/** @param {Trouble | null} met */
function tell(met) {
  if (!met) heardAt = new Date().toISOString();
  const words = met ? met.detail || word(`trouble_${met.kind}`, { ago: ago(heardAt) }) : "";
  list.keepPlace(() => write(trouble, words));
}

list.list.addEventListener("click", async (event) => {
  const button = /** @type {Element} */ (event.target).closest("[data-hours]");
  const card = button?.closest(".device");
  if (!button || !card) return;
  try {
    const news = await askForQuiet(card.id, Number(button.getAttribute("data-hours")));
    forgetNews();
    show(news);
    /** @type {HTMLDetailsElement} */ (find(card, "details")).open = false;
    find(card, "summary").focus();
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    tell(error);
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
listen(show, tell);
document.documentElement.dataset.ready = "true";
