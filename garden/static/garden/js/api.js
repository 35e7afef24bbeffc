/** Asking the garden. Whatever goes wrong becomes a Trouble that a moment can put into kind words. */

import { config } from "./config.js";
import { visit, visitSignal } from "./visit.js";

/** @typedef {"photo" | "large" | "no_face" | "no_wall" | "unavailable" | "busy" | "access" | "network" | "server" | "forgotten" | "consent" | "notice" | "young" | "off" | "unclear" | "device"} TroubleKind */

export class Trouble extends Error {
  /** @param {TroubleKind} kind */
  constructor(kind) {
    super(kind);
    this.kind = kind;
    document.dispatchEvent(new CustomEvent("trouble", { detail: kind }));
  }
}

/** A face was there, but it could not be seen well enough to guess. */
export class BetterLook extends Trouble {
  /** @param {import("./moments/better.js").Fault} fault what to mend first */
  constructor(fault) {
    super("unclear");
    this.fault = fault;
  }
}

/** @type {Record<number, TroubleKind>} */
const KIND_OF_STATUS = { 401: "access", 403: "access", 413: "large", 429: "busy", 503: "unavailable" };
/** @type {Record<string, TroubleKind>} */
const KIND_OF_RULE = {
  consent_required: "consent",
  consent_incomplete: "notice",
  too_young: "young",
  face_reading_off: "off",
};
const TIMEOUT_MS = 20000;

/**
 * @param {Blob[]} frames photos of one moment, read as one
 * @returns {Promise<{id: string, emotions: string, emotionScores: Record<string, number>, generation: string, gender: string}>}
 */
export async function readFace(frames) {
  const form = new FormData();
  for (const frame of frames) form.append("image", frame, "frame");
  const response = await post(config.paths.emotion, form, { ...agreed(), "X-Look-Again": "yes" });
  if (response.status === 403) throw new Trouble(await ruleOf(response));
  if (response.status === 404) throw new Trouble("no_face");
  if (response.status === 400) throw new Trouble("photo");
  if (response.status === 422) throw new BetterLook((await response.json()).faults[0]);
  return answerOf(response);
}

/**
 * What this device read in a face itself. No photo goes along.
 * @param {unknown} reading
 * @returns {ReturnType<typeof readFace>}
 */
export async function tellReading(reading) {
  const headers = { "Content-Type": "application/json", ...agreed() };
  const response = await post(config.paths.reading, JSON.stringify(reading), headers);
  if (response.status === 403) throw new Trouble(await ruleOf(response));
  return answerOf(response);
}

/** @returns {Record<string, string>} the number of what was agreed to, where something was */
function agreed() {
  return visit.consent ? { "X-Consent": visit.consent } : {};
}

/**
 * Whether the guess was right: two words, of nobody. An answer that is lost is not missed.
 * @param {string} guessed
 * @param {string} said
 */
export function tellGuess(guessed, said) {
  const content = JSON.stringify({ guessed, said });
  post(config.paths.guess, content, { "Content-Type": "application/json" }).catch(() => {});
}

/**
 * Say what was agreed to.
 * @param {{notice: string, language: string, statements: string[], ofAge: boolean, guardian: boolean, signed: boolean}} said
 * @returns {Promise<string>} its number
 */
export async function giveConsent(said) {
  const response = await postJson(config.paths.consent, said);
  if (response.status === 400 || response.status === 403) throw new Trouble(await ruleOf(response));
  return (await answerOf(response)).consent;
}

/**
 * Which rule of the place stands against it.
 * @param {Response} response
 */
async function ruleOf(response) {
  const { code } = await response.json().catch(() => ({}));
  return KIND_OF_RULE[code] ?? "access";
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
