/** Asking the garden. Whatever goes wrong is thrown as a sentence to show. */

import { config, word } from "./config.js";

const TIMEOUT_MS = 30000;

/** @param {number | null} before */
export function listGroups(before) {
  return ask(before === null ? config.paths.groups : `${config.paths.groups}?before=${before}`);
}

/**
 * @param {number} group
 * @param {{id: string, how: string, image?: number}} said
 */
export function settle(group, said) {
  return post(config.paths.settle.replace("/0/", `/${group}/`), said);
}

/** @param {string} id */
export function undo(id) {
  return post(config.paths.undo.replace("00000000-0000-0000-0000-000000000000", id), {});
}

/**
 * @param {string} path
 * @param {unknown} content
 */
function post(path, content) {
  const headers = { "Content-Type": "application/json", "X-CSRFToken": config.csrfToken };
  return ask(path, { method: "POST", body: JSON.stringify(content), headers });
}

/**
 * @param {string} path
 * @param {RequestInit} [options]
 */
async function ask(path, options = {}) {
  let response;
  try {
    response = await fetch(path, { ...options, signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch {
    throw new Error(word("network"));
  }
  if (response.ok) return response.json();
  throw new Error(await sentence(response));
}

/** @param {Response} response */
async function sentence(response) {
  if (response.status === 401 || response.status === 403) return word("signed_out");
  try {
    return (await response.json()).detail || word("server");
  } catch {
    return word("server");
  }
}
