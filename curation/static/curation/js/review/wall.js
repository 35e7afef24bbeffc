/** Sending the picture the curator is at to a wall: which one is asked first. */

import { config } from "./config.js";
import { post } from "./server.js";

const dialog = /** @type {HTMLDialogElement | null} */ (document.getElementById("wall"));

/** @typedef {{zone: string, title: string, version: number, slots: string[]}} Hung */

/**
 * @param {import("./feed.js").Picture} picture
 * @returns {Promise<Hung | null>} null when the curator thought better of it
 */
export async function sendToWall(picture) {
  const zone = await askZone();
  return zone && post(`${config.paths.walls}${encodeURIComponent(zone)}`, { keys: [picture.key] });
}

/** @returns {Promise<string>} empty for none */
function askZone() {
  if (!dialog) return Promise.resolve("");
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue), { once: true });
  });
}
