/**
 * This screen: what the server says of it, its heartbeat of what it shows and what is wrong, and new versions of its page. The
 * service worker holds the page whole; when it holds a newer one, the page is loaded again at the next change of the picture,
 * where it is not visible.
 */

import { Heartbeat } from "../../lib/heartbeat.js";
import { request } from "../../lib/http.js";
import { find, readJson } from "../../lib/page.js";

/**
 * The server's data for the page.
 * @typedef {Object} Config
 * @property {string} version of the page
 * @property {string} zone
 * @property {number} number
 * @property {"h" | "v"} side
 * @property {{scope: string, worker: string, manifest: string, heartbeat: string}} paths
 */

const SHORTEST_S = 0.2;
const LONGEST_S = 3600;
const DEFAULT_S = 1;

/** @type {Config} */
export const config = readJson("wall-config");

/** As in manifests: `3h`. */
export const ownSlot = `${config.number}${config.side}`;

const query = new URLSearchParams(location.search);
const period = Number(query.get("period")) || DEFAULT_S;
/** After so long at most a change is on the wall. */
export const periodMs = 1000 * Math.min(LONGEST_S, Math.max(SHORTEST_S, period));

/** A curator's preview is no screen: it reports nothing. */
const isPreview = query.has("preview");
const shown = { key: "", version: 0 };

export const heartbeat = new Heartbeat(isPreview ? "" : config.paths.heartbeat, () => ({
  display: `${config.zone}/${ownSlot}`,
  version: config.version,
  zone_version: shown.version,
  on_screen: shown.key,
}));

/** @param {string} key of the picture on screen, empty for none @param {number} version of the zone that it is from */
export function reportShown(key, version) {
  if (shown.key === key && shown.version === version) return;
  Object.assign(shown, { key, version });
  heartbeat.soon();
}

/** @param {string} about @param {unknown} error */
export function noteProblem(about, error) {
  heartbeat.setProblem(about, `${about}: ${error instanceof Error ? error.message : error}`);
}

const LOOK_MS = 5 * 60 * 1000;
const ASK_AGAIN_MS = 60 * 1000;
const TIMEOUT_MS = 10000;

let isDue = false;
let askedAt = Number.NEGATIVE_INFINITY;

export async function followVersions() {
  const workers = navigator.serviceWorker;
  if (!workers) return;
  workers.addEventListener("message", ({ data }) => {
    isDue = Boolean(data?.version) && data.version !== config.version;
  });
  const { worker, scope } = config.paths;
  const registration = await workers.register(worker, { scope, updateViaCache: "none" });
  setInterval(() => void registration.update().catch(() => {}), LOOK_MS);
}

/** Whether the worker holds a newer page than this one. */
export function isOutdated() {
  return isDue;
}

/** The server refused this page's CSRF token: a page that is loaded now has another. */
export async function renewToken() {
  if (performance.now() - askedAt < ASK_AGAIN_MS) return;
  askedAt = performance.now();
  const headers = { Accept: "text/html" };
  const response = await request(location.href, { cache: "no-store", headers, timeoutMs: TIMEOUT_MS });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  find("#wall-config").textContent = find("#wall-config", page).textContent;
}
