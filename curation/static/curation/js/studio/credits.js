/** What the curator may spend: held while a version waits, spent when it is made, back when it is not. */

import { fetchJson } from "../../../garden/lib/http.js";
import { gettext } from "../../../garden/lib/i18n.js";
import { find } from "../../../garden/lib/page.js";
import { config, pathOf } from "./config.js";
/**
 * @typedef {Object} Credits
 * @property {number | null} left null: there is no limit
 * @property {number | null} most
 * @property {number} price of a picture by the usual engine
 * @property {Record<string, number>} prices by each engine
 */

/** @param {import("./versions.js").Versions} versions @param {import("./settings.js").Settings} settings */
export function startCredits(versions, settings) {
  /** @type {Credits} */
  let credits = config.credits;
  let shownStates = statesOf(versions);
  const showNow = () => show(credits, priceOf(credits, settings.values.engine));
  showNow();
  if (credits.left === null) return;
  settings.addEventListener("change", showNow);
  versions.addEventListener("versions", () => {
    if (shownStates === statesOf(versions)) return;
    shownStates = statesOf(versions);
    fetchJson(pathOf("credits")).then(
      (now) => {
        credits = now;
        showNow();
      },
      () => {}, // The next change shows it.
    );
  });
}

/** Of one picture. @param {Credits} credits @param {string} engine empty for the usual one */
export function priceOf({ price, prices }, engine) {
  return prices[engine] ?? price;
}

/** @param {Credits} credits @param {number} price */
function show({ left, most }, price) {
  const line = find("[data-credits]");
  line.hidden = left === null;
  line.dataset.kind = left !== null && left < price ? "error" : "plain";
  if (left !== null)
    line.textContent = gettext("{left} of {most} credits left today; a picture costs {price}", {
      left,
      most: most ?? left,
      price,
    });
}

/** @param {import("./versions.js").Versions} versions */
function statesOf(versions) {
  return versions.all.map(({ id, state }) => `${id} ${state}`).join();
}
