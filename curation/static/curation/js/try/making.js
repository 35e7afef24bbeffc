/** Asking for pictures, and waiting for those that take longer. */

import { config, word } from "./given.js";

const GLANCE_MS = 1000;

/**
 * @typedef {{urls: string[], seconds: number}} Made
 * @typedef {(done: number, all: number) => void} OnProgress
 */

/** Its text is a sentence for the curator. */
export class Trouble extends Error {}

/**
 * @param {Record<string, unknown>} asked
 * @param {OnProgress} onProgress
 * @returns {Promise<Made>}
 */
export async function make(asked, onProgress) {
  const begun = performance.now();
  const answer = await ask(config.make, {
    method: "POST",
    body: JSON.stringify(asked),
    headers: { "Content-Type": "application/json", "X-CSRFToken": config.csrfToken },
  });
  const urls = "job" in answer ? await waitFor(answer.job, onProgress) : JSON.parse(answer.body);
  return { urls, seconds: (performance.now() - begun) / 1000 };
}

/**
 * @param {string} job
 * @param {OnProgress} onProgress
 * @returns {Promise<string[]>}
 */
async function waitFor(job, onProgress) {
  for (;;) {
    const { slots, pictures, reasons } = await ask(config.progress.replace("{job}", job), {});
    onProgress(slots.done, slots.all);
    const ended = slots.done + slots.failed + (slots.cancelled ?? 0) >= slots.all;
    if (ended && slots.done === 0) throw new Trouble(word("failed", { why: reasons[0]?.detail ?? "" }));
    if (ended) return pictures.map((/** @type {{url: string}} */ { url }) => url);
    await new Promise((resolve) => setTimeout(resolve, GLANCE_MS));
  }
}

/**
 * @param {string} address
 * @param {RequestInit} options
 */
async function ask(address, options) {
  const response = await fetch(address, options).catch(() => {
    throw new Trouble(word("no_answer"));
  });
  if (response.status === 401 || response.redirected) throw new Trouble(word("signed_out"));
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Trouble(word("failed", { why: answer.detail ?? String(response.status) }));
  return answer;
}
