/** The bulk page: choose, see what it comes to, queue, watch. */

import { find, setText } from "../../../garden/lib/page.js";
import { Poll } from "../../../garden/lib/poll.js";
import { config, pathOf, recentJobs, word } from "./config.js";
import { Estimate } from "./estimate.js";
import { startForm } from "./form.js";
import { showJobs } from "./jobs.js";
import { isMaking, showProgress } from "./progress.js";
import { Steering } from "./steering.js";
import { Tiles } from "./tiles.js";

const form = /** @type {HTMLFormElement | null} */ (document.querySelector("[data-form]"));
const estimate = form && new Estimate(form);
if (form && estimate) {
  startForm(form, () => estimate.soon());
  // What a form that came back complains about stays until something is changed.
  if (!form.querySelector(".bulk-error:not([hidden])")) void estimate.now();
}

const list = find("[data-jobs]");
const jobs = new Poll(
  () => pathOf("jobs"),
  (answer) => {
    if (!answer) return false;
    showJobs(list, answer.jobs);
    // What is being made teaches how long more of it would take.
    if (config.job) estimate?.soon();
    return answer.jobs.some((/** @type {import("./config.js").RecentJob} */ job) => job.open > 0);
  },
  { soonMs: 4000 },
);
showJobs(list, recentJobs);
jobs.now();

if (config.job) watch(config.job.id);

/** @param {string} id */
function watch(id) {
  const section = find("[data-job]");
  const tiles = new Tiles(find("[data-tiles]", section));
  const line = find("[data-job-error]", section);
  /** What went wrong, until it goes right: what a button met is not wiped away by the next look at the job. */
  const errors = { watching: "", steering: "" };
  /** @param {"watching" | "steering"} work @param {import("../../../garden/lib/http.js").ApiError | null} error */
  const showError = (work, error) => {
    const kind = error?.status === 403 ? "refused" : error?.kind;
    errors[work] = kind ? word(`trouble_${kind}`) : "";
    setText(line, Object.values(errors).filter(Boolean).join(" "));
    line.hidden = line.textContent === "";
  };
  let cursor = "";
  const poll = new Poll(
    () => `${pathOf("progress", id)}${cursor && `?${new URLSearchParams({ after: cursor })}`}`,
    (job) => {
      if (!job) return false;
      cursor = job.cursor;
      tiles.add(job.pictures);
      showProgress(section, job);
      steering.show(job);
      return isMaking(job);
    },
    { onError: (error) => showError("watching", error) },
  );
  const steering = new Steering(section, id, {
    onDone: () => [poll, jobs].forEach((each) => void each.now()),
    onError: (error) => showError("steering", error),
  });
  poll.now();
}
