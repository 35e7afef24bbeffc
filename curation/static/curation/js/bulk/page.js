/** The bulk page: choose, see what it comes to, queue, watch. */

import { Estimate } from "./estimate.js";
import { startForm } from "./form.js";
import { config, find, pathOf, recentJobs } from "./given.js";
import { showJobs } from "./jobs.js";
import { Poll } from "./poll.js";
import { isMaking, showProgress } from "./progress.js";
import { Steering } from "./steering.js";
import { Tiles } from "./tiles.js";
import { Troubles } from "./troubles.js";

const form = /** @type {HTMLFormElement | null} */ (document.querySelector("[data-form]"));
const estimate = form && new Estimate(form);
if (form && estimate) {
  startForm(form, () => estimate.soon());
  // What a form that came back complains about stays until something is changed.
  if (!form.querySelector(".bulk-error:not([hidden])")) void estimate.now();
}

const list = find(document, "[data-jobs]");
const jobs = new Poll(
  () => pathOf("jobs"),
  (told) => {
    showJobs(list, told.jobs);
    // What is being made teaches how long more of it would take.
    if (config.job) estimate?.soon();
    return told.jobs.some((/** @type {import("./given.js").RecentJob} */ job) => job.open > 0);
  },
  { soon: 4000 },
);
showJobs(list, recentJobs);
jobs.now();

if (config.job) watch(config.job.id);

/** @param {string} id */
function watch(id) {
  const section = find(document, "[data-job]");
  const tiles = new Tiles(find(section, "[data-tiles]"));
  const troubles = new Troubles(find(section, "[data-trouble]"));
  let cursor = "";
  const poll = new Poll(
    () => `${pathOf("progress", id)}${cursor && `?${new URLSearchParams({ after: cursor })}`}`,
    (job) => {
      cursor = job.cursor;
      tiles.add(job.pictures);
      showProgress(section, job);
      steering.show(job);
      return isMaking(job);
    },
    { onTrouble: (trouble) => troubles.tell("watching", trouble) },
  );
  const steering = new Steering(section, id, {
    onDone: () => [poll, jobs].forEach((each) => void each.now()),
    onTrouble: (trouble) => troubles.tell("steering", trouble),
  });
  poll.now();
}
