/** The kiosk page: a visit in seven moments. */

import { config } from "./config.js";
import { startHeartbeat } from "./heartbeat.js";
import { sendWaitingLikes } from "./likes.js";
import "./moments/attract.js";
import "./moments/consent.js";
import { tellUnliked } from "./moments/garden.js";
import "./moments/gift.js";
import "./moments/goodbye.js";
import { prepareReading } from "./moments/look.js";
import "./moments/mood.js";
import { currentMoment, goBack, show } from "./stage.js";
import { eraseLeaving, forget } from "./visit.js";
import { lettersReady, speak } from "./words.js";

const bar = /** @type {HTMLElement} */ (document.querySelector(".bar"));

bar.addEventListener("click", (event) => {
  const pressed = /** @type {Element} */ (event.target).closest("button");
  if (pressed?.dataset.language) speak(pressed.dataset.language);
  if (pressed?.dataset.action === "back") goBack();
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !document.querySelector("dialog[open]")) goBack();
});

addEventListener("pagehide", () => {
  if (currentMoment() === "garden") tellUnliked();
  sendWaitingLikes();
  forget();
  eraseLeaving();
});
addEventListener("pageshow", (event) => {
  if (event.persisted) show("attract");
});

startHeartbeat();
await lettersReady();
show("attract");
// Before the first visitor; failures are reported by the heartbeat, and retried for the next visitor.
if (config.privacy.readsFaces) prepareReading().catch(() => {});
