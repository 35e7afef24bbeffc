/** What the kiosk asks of the server, and why an answer may be missing, as its moments put it into words. */

import { ApiError, fetchJson, post } from "../lib/http.js";
import { config } from "./config.js";
import { noteFailure } from "./heartbeat.js";
import { onForget, visit, visitSignal } from "./visit.js";

/** @import { Schema } from "schemas" */
/** @import { Picture } from "./visit.js" */

/** @typedef {"photo" | "large" | "no_face" | "no_wall" | "unavailable" | "busy" | "access" | "network" | "server" | "forgotten" | "consent" | "notice" | "young" | "off" | "unclear" | "device"} ErrorKind */

/** @type {Record<number, ErrorKind>} */
const KIND_OF_STATUS = { 0: "network", 401: "access", 403: "access", 413: "large", 429: "busy", 503: "unavailable" };
/** @type {Record<string, ErrorKind>} */
const KIND_OF_CODE = {
  consent_required: "consent",
  consent_incomplete: "notice",
  too_young: "young",
  face_reading_off: "off",
};
const TIMEOUT_MS = 20_000;

/**
 * Why a moment cannot continue; reported by the heartbeat.
 * @param {ErrorKind} code
 * @param {Record<string, unknown>} [details]
 */
export function failure(code, details = {}) {
  noteFailure(code);
  return new ApiError(0, { ...details, code });
}

/** @param {unknown} error @returns {ErrorKind} */
export function kindOf(error) {
  return /** @type {ErrorKind} */ ((error instanceof ApiError && error.code) || "server");
}

/** @param {Blob[]} frames photos of one moment, read as one @returns {Promise<Schema["Reading"]>} */
export function readFace(frames) {
  const form = new FormData();
  for (const frame of frames) form.append("image", frame, "frame");
  const kinds = /** @type {const} */ ({ 400: "photo", 404: "no_face", 422: "unclear" });
  return send(config.paths.emotion, form, kinds, { ...agreed(), "X-Look-Again": "yes" });
}

/**
 * What this device read in a face itself. No photo goes along.
 * @param {Schema["OwnReading"]} reading
 * @returns {Promise<Schema["Reading"]>}
 */
export function sendReading(reading) {
  return send(config.paths.reading, reading, {}, agreed());
}

/** @returns {Record<string, string>} the number of what was agreed to, where something was */
function agreed() {
  return visit.consent ? { "X-Consent": visit.consent } : {};
}

/** The visitor's correction of the guess: two anonymous words; one that is lost is not missed. @param {string} emotion */
export function feel(emotion) {
  visit.emotion = emotion;
  if (!visit.guess || visit.answered) return;
  visit.answered = true;
  post(config.paths.guess, { guessed: visit.guess, said: emotion }).catch(() => {});
}

/** Asked for when a picture is liked: the gift shows its code at once. @type {Map<string, Promise<Schema["Souvenir"]>>} */
const souvenirs = new Map();
onForget(() => souvenirs.clear());

/** The picture's short link and its code. @param {string} key @returns {Promise<Schema["Souvenir"]>} */
export function fetchSouvenir(key) {
  const asked = souvenirs.get(key) ?? send(config.paths.souvenir, { key });
  souvenirs.set(key, asked);
  // A failed request is repeated at the next use.
  asked.catch(() => souvenirs.delete(key));
  return asked;
}

/** Liked pictures go home with the visitor. @param {Picture} picture @param {boolean} isLiked */
export function setLiked(picture, isLiked) {
  visit.liked = visit.liked.filter(({ key }) => key !== picture.key);
  if (!isLiked) return;
  visit.liked.push(picture);
  if (config.gives) fetchSouvenir(picture.key);
}

/**
 * @param {string} path
 * @param {unknown} [data] posted where it is given
 * @param {Record<number, ErrorKind>} [kinds] what statuses mean here
 * @param {Record<string, string>} [headers]
 * @returns {Promise<any>}
 */
export async function send(path, data, kinds = {}, headers = {}) {
  const signal = visitSignal();
  try {
    const answer = await fetchJson(path, { data, headers, signal, timeoutMs: TIMEOUT_MS });
    noteFailure("");
    return answer;
  } catch (error) {
    if (signal.aborted) throw failure("forgotten");
    if (!(error instanceof ApiError)) throw error;
    const { status, code, body } = error;
    throw failure(KIND_OF_CODE[code] ?? kinds[status] ?? KIND_OF_STATUS[status] ?? "server", body);
  }
}
