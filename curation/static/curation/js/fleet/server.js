/** Asking the garden. Whatever goes wrong becomes a Trouble that the page can put into words. */

import { config } from "./given.js";
import { setClock } from "./words.js";

const TIMEOUT_MS = 10000;

export class Trouble extends Error {
  /**
   * @param {"network" | "signed_out" | "server" | "refused"} kind
   * @param {string} [detail]
   */
  constructor(kind, detail = "") {
    super(detail || kind);
    this.kind = kind;
    this.detail = detail;
  }
}

/**
 * The fleet, or null while it is the one with this ETag.
 * @param {string} etag
 * @returns {Promise<{fleet: import("./given.js").Fleet, etag: string} | null>}
 */
export async function askFleet(etag) {
  const response = await ask(config.paths.fleet, { headers: etag ? { "If-None-Match": etag } : {} });
  return response.status === 304 ? null : { fleet: await response.json(), etag: response.headers.get("ETag") ?? "" };
}

/**
 * @param {string} device
 * @param {number} hours
 * @returns {Promise<import("./given.js").Fleet>}
 */
export async function askForQuiet(device, hours) {
  const headers = { "Content-Type": "application/json", "X-CSRFToken": config.csrfToken };
  const body = JSON.stringify({ device, hours });
  return (await ask(config.paths.quiet, { method: "POST", headers, body })).json();
}

/**
 * @param {string} address
 * @param {RequestInit} options
 */
async function ask(address, options) {
  let response;
  try {
    response = await fetch(address, { ...options, cache: "no-store", signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch {
    throw new Trouble("network");
  }
  setClock(response.headers.get("Date"));
  if (response.ok || response.status === 304) return response;
  if (response.status === 401 || response.status === 403) throw new Trouble("signed_out");
  throw response.status < 500 ? new Trouble("refused", await sentenceOf(response)) : new Trouble("server");
}

/** @param {Response} response */
async function sentenceOf(response) {
  try {
    return (await response.json()).detail ?? "";
  } catch {
    return "";
  }
}
