/**
 * New versions of this page. Its service worker holds the page whole; when it holds a newer one, the page is loaded
 * again at the next change of the picture, where it is not visible.
 */

import { request } from "../../lib/http.js";
import { find } from "../../lib/page.js";
import { config } from "./config.js";
import { isGround, showGround } from "./stage.js";

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

/** To be asked before a picture changes; does not return if the page is reloaded. */
export async function renewIfDue() {
  if (!isDue) return;
  if (!isGround()) await showGround();
  location.reload();
  await new Promise(() => {});
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
