/** Without input a countdown ring is shown; at its end the visit is deleted. */

import { config } from "./config.js";

const SIGNS_OF_LIFE = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"];

const dialog = /** @type {HTMLDialogElement} */ (document.querySelector(".farewell"));
const count = /** @type {HTMLElement} */ (dialog.querySelector(".farewell-count"));
const ring = /** @type {SVGCircleElement} */ (dialog.querySelector(".ring-fill"));

let watching = false;
let seenAt = Date.now();
/** @type {ReturnType<typeof setInterval> | undefined} */
let clock;

/** Someone is there. */
export function stayAwake() {
  seenAt = Date.now();
  if (dialog.open) dialog.close();
}

/** The farewell asks a question: brushing past is no answer to it, and the answer must not touch what lies below. */
function noticeLife() {
  if (!dialog.open) seenAt = Date.now();
}

/** @param {boolean} on */
export function watchIdle(on) {
  watching = on;
  stayAwake();
}

/** @param {() => void} onGone called at the end of the countdown */
export function startIdleWatch(onGone) {
  for (const sign of SIGNS_OF_LIFE) addEventListener(sign, noticeLife, { passive: true });
  dialog.addEventListener("click", stayAwake);
  dialog.addEventListener("cancel", stayAwake);
  clearInterval(clock);
  clock = setInterval(() => tick(onGone), 250);
}

/** @param {() => void} onGone */
function tick(onGone) {
  if (!watching) return;
  const left = config.idleSeconds + config.farewellSeconds - (Date.now() - seenAt) / 1000;
  if (left <= 0) {
    dialog.close();
    onGone();
  } else if (left <= config.farewellSeconds) {
    showFarewell(left);
  }
}

/** @param {number} left seconds */
function showFarewell(left) {
  count.textContent = String(Math.ceil(left));
  if (!dialog.open) dialog.showModal();
  ring.style.strokeDashoffset = String(1 - left / config.farewellSeconds);
}
