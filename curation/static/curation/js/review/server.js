/** Asking the garden. Whatever goes wrong becomes a Trouble with a kind, and the server's own sentence if it has one. */

import { config } from "./config.js";

/** @typedef {"network" | "signed_out" | "refused" | "server"} TroubleKind */

export class Trouble extends Error {
  /**
   * @param {TroubleKind} kind
   * @param {string} [detail]
   */
  constructor(kind, detail = "") {
    super(detail || kind);
    this.kind = kind;
    this.detail = detail;
  }
}

const TIMEOUT_MS = 30000;
const MOST_FOR_KEEPALIVE = 60000;

/**
 * @param {string} path
 * @param {Record<string, string | number>} [params]
 */
export function get(path, params = {}) {
  const query = new URLSearchParams(Object.entries(params).map(([name, value]) => [name, String(value)]));
  return ask(`${path}?${query}`, {});
}

/**
 * @param {string} path
 * @param {unknown} content
 */
export function post(path, content) {
  const body = JSON.stringify(content);
  const headers = { "Content-Type": "application/json", "X-CSRFToken": config.csrfToken };
  return ask(path, { method: "POST", body, headers, keepalive: body.length < MOST_FOR_KEEPALIVE });
}

/**
 * @param {string} address
 * @param {RequestInit} options
 */
async function ask(address, options) {
  let response;
  try {
    response = await fetch(address, { ...options, signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch {
    throw new Trouble("network");
  }
  if (response.ok) return response.json();
  throw new Trouble(kindOf(response.status), await sentenceOf(response));
}

/**
 * @param {number} status
 * @returns {TroubleKind}
 */
function kindOf(status) {
  if (status === 401 || status === 403) return "signed_out";
  return status < 500 && status !== 429 && status !== 408 ? "refused" : "server";
}

/** @param {Response} response */
async function sentenceOf(response) {
  try {
    return (await response.json()).detail ?? "";
  } catch {
    return "";
  }
}
