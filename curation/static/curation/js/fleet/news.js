/** Asking for news every five seconds; seldom while nobody looks, at once when somebody looks again. */

import { askFleet, Trouble } from "./server.js";

const EVERY_MS = 5000;
const UNSEEN_MS = 60000;

let etag = "";
let timer = 0;

/**
 * @param {(fleet: import("./given.js").Fleet) => void} onNews
 * @param {(trouble: Trouble | null) => void} onTrouble
 */
export function listen(onNews, onTrouble) {
  const again = () => {
    clearTimeout(timer);
    timer = setTimeout(() => void hear(), document.hidden ? UNSEEN_MS : EVERY_MS);
  };
  const hear = async () => {
    clearTimeout(timer);
    try {
      const news = await askFleet(etag);
      onTrouble(null);
      if (news) {
        etag = news.etag;
        onNews(news.fleet);
      }
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
      onTrouble(error);
    } finally {
      again();
    }
  };
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) void hear();
  });
  again();
}

/** What is shown came another way: the next news is to be all of it. */
export function forgetNews() {
  etag = "";
}
