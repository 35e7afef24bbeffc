/** Asking the garden about its GPU hosts. What it refuses is a Trouble, in its own words. */

import { config, word } from "./given.js";

const TIMEOUT_MS = 30_000;

/** Its text is a sentence for the curator. */
export class Trouble extends Error {}

/**
 * How the hosts are, how far the garden's clock is ahead of this one in milliseconds, and the answer's ETag;
 * null while it is the answer with this ETag.
 * @param {string} etag
 * @returns {Promise<{outlook: import("./given.js").Outlook, ahead: number, etag: string} | null>}
 */
export async function look(etag) {
  const response = await ask(config.paths.look, { headers: etag ? { "If-None-Match": etag } : {} });
  if (response.status === 304) return null;
  const sent = Date.parse(response.headers.get("Date") ?? "");
  const ahead = Number.isNaN(sent) ? 0 : sent - Date.now();
  return { outlook: await response.json(), ahead, etag: response.headers.get("ETag") ?? "" };
}

/**
 * @param {"start" | "stop" | "idle"} deed
 * @param {Record<string, number>} [body]
 * @returns {Promise<import("./given.js").Outlook>} how the hosts are after it
 */
export async function order(deed, body = {}) {
  const headers = { "X-CSRFToken": config.csrfToken, "Content-Type": "application/json" };
  return (await ask(config.paths[deed], { method: "POST", headers, body: JSON.stringify(body) })).json();
}

/**
 * @param {string} path
 * @param {RequestInit} options
 */
async function ask(path, options) {
  const response = await fetch(path, { signal: AbortSignal.timeout(TIMEOUT_MS), ...options }).catch(() => {
    throw new Trouble(word("no_answer"));
  });
  if (response.status === 401 || response.redirected) throw new Trouble(word("signed_out"));
  if (response.status === 403) throw new Trouble(word("not_allowed"));
  if (!response.ok && response.status !== 304) {
    const answer = await response.json().catch(() => ({}));
    throw new Trouble(word("failed", { why: answer.detail ?? response.status }));
  }
  return response;
}
