/** Telling the garden that this kiosk lives: the moment it shows, and what is wrong. Nothing here is of a visitor. */

import { request } from "../lib/http.js";
import { config } from "./config.js";
import { currentMoment } from "./stage.js";

const EVERY_MS = 15000;
const GATHER_MS = 200;
const PATIENCE_MS = 10000;
const FAULT_MS = 90000;
const FAILURES = new Set(["network", "server", "unavailable", "busy", "access"]);

const startedAt = new Date().toISOString();
/** Kind of the failure of the latest request, until one succeeds. */
let failure = "";
/** The latest error of the page, and the end of its reporting. */
const fault = { text: "", until: 0 };
/** Why this device cannot read faces, where it is to read them. */
let blindness = "";
let gathers = false;

export function startHeartbeat() {
  new MutationObserver(soon).observe(document.body, { attributeFilter: ["data-moment"] });
  addEventListener("error", (event) => noteFault(event.error, `${fileOf(event.filename)}:${event.lineno}`));
  addEventListener("unhandledrejection", (event) => noteFault(event.reason, "promise"));
  document.addEventListener("requestfailed", (event) => noteFailure(/** @type {CustomEvent} */ (event).detail));
  document.addEventListener("answered", () => noteFailure(""));
  document.addEventListener("reader", (event) => noteReader(/** @type {CustomEvent} */ (event).detail));
  setInterval(soon, EVERY_MS);
  soon();
}

/** @param {string} kind */
function noteFailure(kind) {
  if (kind === failure || (kind && !FAILURES.has(kind))) return;
  failure = kind;
  soon();
}

/** @param {string} problem */
function noteReader(problem) {
  if (problem === blindness) return;
  blindness = problem;
  soon();
}

/**
 * The name and the place of an error; its message might quote a visitor's text.
 * @param {unknown} error
 * @param {string} place
 */
function noteFault(error, place) {
  const name = error instanceof Error ? error.constructor.name : "error";
  fault.text = `${name} (${place})`;
  fault.until = Date.now() + FAULT_MS;
  soon();
}

/** @param {string} address */
function fileOf(address) {
  return address?.split(/[?#]/)[0].split("/").pop() ?? "";
}

function problemsTold() {
  const problems = [blindness, failure && `requests fail: ${failure}`, Date.now() < fault.until && fault.text];
  return problems.filter(Boolean).join("; ").slice(0, 500);
}

/** At once, except that simultaneous changes are reported together. */
function soon() {
  if (gathers) return;
  gathers = true;
  setTimeout(() => {
    gathers = false;
    // A lost heartbeat changes nothing here; the server detects silence.
    void beat().catch(() => {});
  }, GATHER_MS);
}

function beat() {
  const data = {
    version: config.version,
    on_screen: currentMoment() ?? "",
    screen: [screen.width, screen.height].map((side) => Math.round(side * devicePixelRatio)).join("x"),
    started_at: startedAt,
    problem: problemsTold(),
  };
  return request(config.paths.heartbeat, { data, timeoutMs: PATIENCE_MS });
}
