/** Asking the garden. Whatever goes wrong becomes a Trouble that the page can put into words. */

import { config } from "./given.js";
import { word } from "./words.js";

const TIMEOUT_MS = 20000;

export class Trouble extends Error {
  /** @param {"network" | "signed_out" | "refused" | "server"} kind */
  constructor(kind) {
    super(word(`trouble_${kind}`));
    this.kind = kind;
  }
}

/**
 * A JSON document, or null while it is the one with this ETag.
 * @param {string} address
 * @param {string} [etag]
 * @returns {Promise<{data: any, etag: string} | null>}
 */
export async function get(address, etag = "") {
  const response = await ask(address, { headers: etag ? { "If-None-Match": etag } : {}, signal: patience() });
  if (response.status === 304) return null;
  return { data: await dataOf(response), etag: response.headers.get("ETag") ?? "" };
}

/**
 * @param {string} address
 * @param {FormData} [form]
 * @param {AbortSignal} [signal]
 */
export async function post(address, form, signal) {
  const headers = { "X-CSRFToken": config.csrfToken };
  return dataOf(await ask(address, { method: "POST", body: form, headers, signal: signal ?? patience() }));
}

/**
 * @param {string} address
 * @param {RequestInit} options
 */
async function ask(address, options) {
  try {
    return await fetch(address, options);
  } catch {
    throw new Trouble("network");
  }
}

function patience() {
  return AbortSignal.timeout(TIMEOUT_MS);
}

/** @param {Response} response */
async function dataOf(response) {
  // Whoever is signed out is led to a page of HTML.
  if (response.status === 401 || response.redirected) throw new Trouble("signed_out");
  if (response.status >= 500) throw new Trouble("server");
  if (!response.ok) throw new Trouble("refused");
  return response.json();
}
