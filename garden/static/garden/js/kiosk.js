/** The kiosk page: a visit in seven moments. */

import { Heartbeat } from "../lib/heartbeat.js";
import { config } from "./config.js";
import { startIdleWatch } from "./idle.js";
import { sendWaitingLikes } from "./likes.js";
import "./moments/attract.js";
import "./moments/consent.js";
import { tellUnliked } from "./moments/garden.js";
import "./moments/gift.js";
import "./moments/goodbye.js";
import { prepareReading } from "./moments/look.js";
import "./moments/mood.js";
import { currentMoment, goBack, show } from "./stage.js";
import { forget, startLeaving } from "./visit.js";
import { lettersReady, speak } from "./words.js";

const bar = /** @type {HTMLElement} */ (document.querySelector(".bar"));

const FAULT_MS = 90_000;
const FAILURES = new Set(["", "network", "server", "unavailable", "busy", "access"]);

const heartbeat = new Heartbeat(config.paths.heartbeat, () => ({
  version: config.version,
  on_screen: currentMoment() ?? "",
}));
/** @type {ReturnType<typeof setTimeout> | undefined} */
let faultTimer;

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

function startHeartbeat() {
  new MutationObserver(() => heartbeat.soon()).observe(document.body, { attributeFilter: ["data-moment"] });
  addEventListener("error", (event) => noteFault(event.error, `${fileOf(event.filename)}:${event.lineno}`));
  addEventListener("unhandledrejection", (event) => noteFault(event.reason, "promise"));
  document.addEventListener("requestfailed", (event) => noteFailure(/** @type {CustomEvent} */ (event).detail));
  document.addEventListener("answered", () => noteFailure(""));
  document.addEventListener("reader", (event) =>
    heartbeat.setProblem("reader", /** @type {CustomEvent} */ (event).detail),
  );
  heartbeat.start();
  heartbeat.soon();
}

/** @param {string} kind of the failure of the latest request; empty when one succeeds */
function noteFailure(kind) {
  if (FAILURES.has(kind)) heartbeat.setProblem("requests", kind && `requests fail: ${kind}`);
}

/**
 * The name and the place of an error; its message might quote a visitor's text.
 * @param {unknown} error
 * @param {string} place
 */
function noteFault(error, place) {
  heartbeat.setProblem("page", `${error instanceof Error ? error.constructor.name : "error"} (${place})`);
  clearTimeout(faultTimer);
  faultTimer = setTimeout(() => heartbeat.setProblem("page", ""), FAULT_MS);
}

/** @param {string} address */
function fileOf(address) {
  return address?.split(/[?#]/)[0].split("/").pop() ?? "";
}
