/** The GPU's lamp: looks often while the hosts are on their way, seldom otherwise, and not while nobody sees it. */

import { config } from "./given.js";
import { Lamp } from "./lamp.js";
import { look, Trouble } from "./server.js";

const SOON_MS = 2_000;
const LATE_MS = 20_000;
const AWAY_MS = 30_000;
const ON_THE_WAY = ["starting", "stopping"];

const element = document.querySelector("[data-gpu]");
if (config && element instanceof HTMLElement) watch(element);

/** @param {HTMLElement} element */
function watch(element) {
  const lamp = new Lamp(element, now);
  let [timer, round, etag] = [0, 0, ""];
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) now();
  });
  now();

  /** Whatever was asked before is not waited for any more. */
  function now() {
    clearTimeout(timer);
    void ask(++round);
  }

  /** @param {number} mine */
  async function ask(mine) {
    const wait = await once(mine);
    if (mine === round && !document.hidden) timer = setTimeout(now, wait);
  }

  /**
   * @param {number} mine
   * @returns {Promise<number>} in so many milliseconds again
   */
  async function once(mine) {
    try {
      const news = await look(etag);
      if (mine !== round) return 0;
      if (news) {
        etag = news.etag;
        lamp.take(news.outlook, news.ahead);
      } else lamp.show();
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
      etag = "";
      if (mine === round) lamp.lose(error);
      return AWAY_MS;
    }
    return ON_THE_WAY.includes(lamp.outlook?.state ?? "") ? SOON_MS : LATE_MS;
  }
}
