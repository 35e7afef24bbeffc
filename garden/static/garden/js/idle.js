/** Without input a countdown ring is shown; at its end the visit is deleted. */

import { find } from "../lib/page.js";
import { config } from "./config.js";
import { isVisit, show } from "./stage.js";

const SIGNS_OF_LIFE = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"];

const dialog = /** @type {HTMLDialogElement} */ (find(".farewell"));
const count = find(".farewell-count", dialog);
const ring = find(".ring-fill", dialog);

let seenAt = Date.now();

for (const sign of SIGNS_OF_LIFE) addEventListener(sign, noticeLife, { passive: true });
for (const answer of ["click", "cancel"]) dialog.addEventListener(answer, stayAwake);
setInterval(tick, 250);

/** Someone is there. */
export function stayAwake() {
  seenAt = Date.now();
  dialog.close();
}

/** The farewell asks a question: brushing past is no answer to it, and the answer must not touch what lies below. */
function noticeLife() {
  if (!dialog.open) seenAt = Date.now();
}

function tick() {
  if (!isVisit()) return stayAwake();
  const left = config.idleSeconds + config.farewellSeconds - (Date.now() - seenAt) / 1000;
  if (left <= 0) {
    dialog.close();
    show("attract");
  } else if (left <= config.farewellSeconds) showFarewell(left);
}

/** @param {number} left seconds */
function showFarewell(left) {
  count.textContent = String(Math.ceil(left));
  if (!dialog.open) dialog.showModal();
  ring.style.strokeDashoffset = String(1 - left / config.farewellSeconds);
}
