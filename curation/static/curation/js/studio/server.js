/** Asking the garden. What it refuses is a Trouble, in its own words. */

import { config, word } from "./given.js";

const TIMEOUT_MS = 30_000;

/** Its text is a sentence for the curator. */
export class Trouble extends Error {
  /**
   * @param {string} message
   * @param {string} [field] the setting that was refused
   * @param {number[]} [unusable] pictures that nothing can be made of any more
   */
  constructor(message, field = "", unusable = []) {
    super(message);
    this.field = field;
    this.unusable = unusable;
  }
}

/**
 * @param {string} path
 * @returns {Promise<any>}
 */
export async function get(path) {
  return (await ask(path)).json();
}

/**
 * @param {string} path
 * @returns {Promise<Blob>}
 */
export async function getFile(path) {
  return (await ask(path)).blob();
}

/**
 * @param {string} path
 * @param {FormData | Record<string, unknown>} [body]
 * @returns {Promise<any>}
 */
export async function send(path, body = {}) {
  const isForm = body instanceof FormData;
  /** @type {Record<string, string>} */
  const headers = { "X-CSRFToken": config.csrfToken, Accept: "application/json" };
  if (!isForm) headers["Content-Type"] = "application/json";
  const response = await ask(path, { method: "POST", headers, body: isForm ? body : JSON.stringify(body) });
  return response.status === 204 ? null : response.json();
}

/**
 * The address of a route, its `{name}` filled in.
 * @param {string} route
 * @param {Record<string, string>} [names]
 */
export function pathOf(route, names = {}) {
  return config.paths[route].replace(/\{(\w+)\}/g, (whole, name) => names[name] ?? whole);
}

/**
 * @param {string} path
 * @param {RequestInit} [options]
 */
async function ask(path, options = {}) {
  const response = await fetch(path, { signal: AbortSignal.timeout(TIMEOUT_MS), ...options }).catch(() => {
    throw new Trouble(word("no_answer"));
  });
  if (response.status === 401 || response.redirected) throw new Trouble(word("signed_out"));
  if (response.status === 403) throw new Trouble(word("not_allowed"));
  if (!response.ok) await refuse(response);
  return response;
}

/** @param {Response} response */
async function refuse(response) {
  const answer = await response.json().catch(() => ({}));
  throw new Trouble(answer.detail ?? word("failed", { why: response.status }), answer.field, answer.unusable);
}
