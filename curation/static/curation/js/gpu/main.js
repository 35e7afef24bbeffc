/** The GPU status: polls often while hosts start or stop, seldom otherwise, and not in a hidden page. */

import { Poll } from "../../../garden/lib/poll.js";
import { config } from "./config.js";
import { Lamp } from "./lamp.js";

const SOON_MS = 2_000;
const LATE_MS = 20_000;
const ON_THE_WAY = ["starting", "stopping"];

const element = document.querySelector("[data-gpu]");
if (config && element instanceof HTMLElement) watch(element);

/** @param {HTMLElement} element */
function watch(element) {
  const lamp = new Lamp(element, () => poll.now());
  const poll = new Poll(
    () => config.paths.look,
    (outlook, date) => {
      if (outlook) lamp.take(outlook, Date.parse(date) - Date.now() || 0);
      else lamp.show();
      return ON_THE_WAY.includes(lamp.outlook?.state ?? "");
    },
    {
      soonMs: SOON_MS,
      lateMs: LATE_MS,
      onError: (error) => {
        if (!error) return;
        poll.forget();
        lamp.lose(error);
      },
    },
  );
  poll.now();
}
