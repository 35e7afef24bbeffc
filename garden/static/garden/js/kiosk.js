/** The kiosk page: a visit in seven moments. */

import { config } from "./config.js";
import { startHeartbeat } from "./heartbeat.js";
import { startIdleWatch } from "./idle.js";
import { sendWaitingLikes } from "./likes.js";
import { addAgree } from "./moments/agree.js";
import { addAttract } from "./moments/attract.js";
import { addConsent } from "./moments/consent.js";
import { addGarden, tellUnliked } from "./moments/garden.js";
import { addGift } from "./moments/gift.js";
import { addGoodbye } from "./moments/goodbye.js";
import { addLook, prepareReading } from "./moments/look.js";
import { addQuestion } from "./moments/question.js";
import { addWheel } from "./moments/wheel.js";
import { currentMoment, goBack, show } from "./stage.js";
import { forget, startLeaving } from "./visit.js";
import { lettersReady, speak } from "./words.js";

const bar = /** @type {HTMLElement} */ (document.querySelector(".bar"));

addAttract();
addConsent();
addAgree();
addLook();
addQuestion();
addWheel();
addGarden();
addGift();
addGoodbye();

bar.addEventListener("click", (event) => {
  const pressed = /** @type {Element} */ (event.target).closest("button");
  if (pressed?.dataset.language) speak(pressed.dataset.language);
  if (pressed?.dataset.action === "back") goBack();
  if (pressed?.dataset.action === "stop") show("goodbye");
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !document.querySelector("dialog[open]")) goBack();
});

addEventListener("pagehide", () => {
  if (currentMoment() === "garden") tellUnliked();
  sendWaitingLikes();
  forget();
});
addEventListener("pageshow", (event) => {
  if (event.persisted) show("attract");
});

startHeartbeat();
startLeaving();
startIdleWatch(() => show("attract"));
await lettersReady();
show("attract");
// Before the first visitor; failures are reported by the heartbeat, and retried for the next visitor.
if (config.privacy.readsFaces) prepareReading().catch(() => {});
