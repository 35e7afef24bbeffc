/** The newest jobs, with how far each is. */

import { element, find } from "../../../garden/lib/page.js";
import { config, dateOf, pageOf, word } from "./config.js";

/** @typedef {import("./config.js").RecentJob} RecentJob */

/**
 * @param {HTMLElement} list
 * @param {RecentJob[]} jobs
 */
export function showJobs(list, jobs) {
  const focused = document.activeElement?.closest("[data-job-id]")?.getAttribute("data-job-id");
  list.replaceChildren(...jobs.map(lineOf));
  if (focused) find(`[data-job-id="${focused}"] a`, list)?.focus();
  find("[data-no-jobs]").hidden = jobs.length > 0;
}

/** @param {RecentJob} job */
function lineOf(job) {
  const line = document.createElement("li");
  line.dataset.jobId = job.id;
  const link = document.createElement("a");
  link.href = pageOf(job.id);
  link.textContent = job.title;
  if (job.id === config.job?.id) link.setAttribute("aria-current", "true");
  const bar = document.createElement("progress");
  bar.max = Math.max(1, job.all);
  bar.value = job.done;
  bar.setAttribute("aria-label", job.title);
  line.append(link, bar, element("span", countsOf(job)), element("span", madeOf(job)));
  return line;
}

/** @param {RecentJob} job */
function countsOf(job) {
  const parts = [word("job_counts", { done: job.done, all: job.all })];
  if (job.failed) parts.push(word("job_failed", { n: job.failed }));
  if (job.state !== "active") parts.push(word(`job_${job.state}`));
  return parts.join(" · ");
}

/** @param {RecentJob} job */
function madeOf(job) {
  const date = dateOf(job.createdAt);
  return job.owner ? `${date} ${word("job_by", { name: job.owner })}` : date;
}
