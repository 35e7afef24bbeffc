/** The kiosk's heartbeat: the moment it shows, and what is wrong. */

import { Heartbeat } from "../lib/heartbeat.js";
import { config } from "./config.js";
import { currentMoment } from "./stage.js";

const FAULT_MS = 90_000;
const FAILURES = new Set(["", "network", "server", "unavailable", "busy", "access"]);

const heartbeat = new Heartbeat(config.paths.heartbeat, () => ({
  version: config.version,
  on_screen: currentMoment(),
}));

export function startHeartbeat() {
  new MutationObserver(() => heartbeat.soon()).observe(document.body, { attributeFilter: ["data-moment"] });
  addEventListener("error", (event) => noteFault(event.error, `${event.filename.split("/").pop()}:${event.lineno}`));
  addEventListener("unhandledrejection", (event) => noteFault(event.reason, "promise"));
  heartbeat.start();
  heartbeat.soon();
}

/** @param {string} kind of the failure of the latest request; empty when one succeeds */
export function noteFailure(kind) {
  if (FAILURES.has(kind)) heartbeat.setProblem("requests", kind && `requests fail: ${kind}`);
}

/** @param {string} problem of reading faces in the page; empty: none any more @param {unknown} [error] */
export function noteReader(problem, error) {
  heartbeat.setProblem("reader", error ? `${problem}: ${nameOf(error)}` : problem);
}

/** The name and the place of an error; its message might quote a visitor's text. @param {unknown} error @param {string} place */
function noteFault(error, place) {
  heartbeat.setProblemFor("page", `${nameOf(error)} (${place})`, FAULT_MS);
}

/** @param {unknown} error */
function nameOf(error) {
  return error instanceof Error ? error.constructor.name : "error";
}
