/** What the test pages share: requests with the time they took. */

import { ApiError, request } from "../../lib/http.js";
import { gettext } from "../../lib/i18n.js";
import { readJson } from "../../lib/page.js";

const TIMEOUT_MS = 120_000;

/** What readings and pictures are called, by value. @type {Record<"emotion" | "generation" | "gender", Record<string, string>>} */
export const names = readJson("kiosk-config").names;

/**
 * @typedef {Object} Answered
 * @property {number} status 0 without an answer
 * @property {number} ms
 * @property {string} text
 * @property {any} data the JSON, or null
 */

/** @param {string} path @param {import("../../lib/http.js").Options} options @returns {Promise<Answered>} */
export async function timedFetch(path, options) {
  const begun = performance.now();
  try {
    const response = await request(path, { timeoutMs: TIMEOUT_MS, ...options });
    const text = await response.text();
    // `/like` answers in plain text.
    const isJson = response.headers.get("Content-Type")?.startsWith("application/json");
    return { status: 200, ms: Math.round(performance.now() - begun), text, data: isJson ? JSON.parse(text) : null };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const { status, text, body } = error;
    return { status, ms: Math.round(performance.now() - begun), text, data: "code" in body ? body : null };
  }
}

/** How it was answered, and why where it was refused. @param {Answered} answer */
export function sentenceOf({ status, ms, data }) {
  if (status === 0) return gettext("No response from the server. Please check the connection.");
  const said = gettext("Status {status} in {ms} ms", { status, ms });
  return data?.detail ? `${said}: ${data.detail}` : said;
}
