/** Asking the garden. Whatever goes wrong becomes a Trouble that a moment can put into kind words. */

import { config } from "./config.js";
import { visitSignal } from "./visit.js";

/** @typedef {"photo" | "large" | "no_face" | "no_wall" | "unavailable" | "busy" | "access" | "network" | "server" | "forgotten"} TroubleKind */

export class Trouble extends Error {
  /** @param {TroubleKind} kind */
  constructor(kind) {
    super(kind);
    this.kind = kind;
    document.dispatchEvent(new CustomEvent("trouble", { detail: kind }));
  }
}

/** @type {Record<number, TroubleKind>} */
const KIND_OF_STATUS = { 401: "access", 403: "access", 413: "large", 429: "busy", 503: "unavailable" };
const TIMEOUT_MS = 20000;

/**
 * @param {Blob} photo
 * @returns {Promise<{id: string, emotions: string, emotionScores: Record<string, number>, generation: string, gender: string}>}
 */
export async function readFace(photo) {
  const response = await post(config.paths.emotion, photo, { "Content-Type": photo.type });
  if (response.status === 404) throw new Trouble("no_face");
  if (response.status === 400) throw new Trouble("photo");
  return answerOf(response);
}

/**
 * The visitor's own order; the newest pictures where it cannot be had.
 * @param {{id: string, emotion: string, generation?: string, gender?: string, limit: number}} wish
 * @returns {Promise<import("./visit.js").Garden>}
 */
export async function askGarden(wish) {
  const response = await postJson(config.paths.garden, wish);
  return response.ok ? response.json() : answerOf(await postJson(config.paths.newest, wish));
}

/**
 * @param {string} emotion
 * @param {number} limit
 * @returns {Promise<import("./visit.js").Garden>}
 */
export async function askNewest(emotion, limit) {
  return answerOf(await postJson(config.paths.newest, { emotion, limit }));
}

/**
 * The picture's short link and its code; both empty where no phone could follow the link.
 * @param {string} key
 * @returns {Promise<{url: string, code_svg: string}>}
 */
export async function askSouvenir(key) {
  return answerOf(await postJson(config.paths.souvenir, { key }));
}

/**
 * @param {string[]} keys
 * @returns {Promise<{title: string, slots: string[]}>}
 */
export async function sendToWall(keys) {
  const response = await postJson(config.paths.wall, { keys });
  if (response.status === 409) throw new Trouble("no_wall");
  return answerOf(response);
}

/**
 * @param {string} path
 * @param {unknown} content
 */
function postJson(path, content) {
  return post(path, JSON.stringify(content), { "Content-Type": "application/json" });
}

/**
 * @param {string} path
 * @param {BodyInit} body
 * @param {Record<string, string>} headers
 */
async function post(path, body, headers) {
  const signal = endOfVisitOrPatience();
  try {
    return await fetch(path, {
      method: "POST",
      body,
      headers: { ...headers, "X-CSRFToken": config.csrfToken },
      signal,
    });
  } catch {
    throw new Trouble(visitSignal().aborted ? "forgotten" : "network");
  }
}

function endOfVisitOrPatience() {
  // Phones from before 2024 lack `any`; for them the end of the visit is enough.
  return AbortSignal.any ? AbortSignal.any([visitSignal(), AbortSignal.timeout(TIMEOUT_MS)]) : visitSignal();
}

/** @param {Response} response */
async function answerOf(response) {
  if (!response.ok) throw new Trouble(KIND_OF_STATUS[response.status] ?? "server");
  document.dispatchEvent(new Event("answered"));
  return response.json();
}
