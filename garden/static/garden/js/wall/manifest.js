/** What hangs in the zone, as the server says it under its signature. */

import { config, ownSlot } from "./config.js";
import { keepManifest, keptManifest } from "./shelf.js";
import { isGenuine } from "./trust.js";

/**
 * @typedef {Object} Slot
 * @property {string} key
 * @property {string} url
 * @property {string} sha256
 * @property {string} emotion
 * @property {number} width
 * @property {number} height
 * @property {string} souvenir address of its souvenir, or empty
 *
 * @typedef {Object} Manifest
 * @property {string} zone
 * @property {number} version
 * @property {string} issued_at
 * @property {boolean} dark
 * @property {boolean} shows_code
 * @property {Record<string, Slot>} slots
 *
 * @typedef {import("./trust.js").Signed} Signed
 */

/** The answer is there, but whoever signed it is not whom this page trusts. */
export class UntrustedError extends Error {}

const PATIENCE_MS = 5000;

/** @type {Manifest | undefined} */
let current;
/** @type {Signed | undefined} */
let unkept;
let etag = "";

export function currentManifest() {
  return current;
}

/** The manifest of before the page was loaded: what hung then, and older ones are not believed any more. */
export async function recallManifest() {
  const signed = await keptManifest();
  if (signed && !current && (await isGenuine(signed))) current = manifestIn(signed);
}

/** Ask what hangs now. Throws where there is no answer, or none that can be believed. */
export async function askManifest() {
  const response = await fetch(config.paths.manifest, {
    cache: "no-store",
    headers: etag ? { "If-None-Match": etag } : {},
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  if (response.status === 304) return;
  if (!response.ok) throw new Error(`the server answers ${response.status}`);
  /** @type {Signed} */
  const signed = await response.json();
  if (!(await isGenuine(signed).catch(() => false))) throw new UntrustedError("the signature is not the garden's");
  accept(signed);
  etag = response.headers.get("ETag") ?? "";
}

/** @param {Signed} signed */
function accept(signed) {
  const told = manifestIn(signed);
  if (told.zone !== config.zone || !isNews(told)) return;
  current = told;
  unkept = signed;
}

/** Once this screen shows what the manifest says: a wall that loses its power before still has all of the old one. */
export async function keepCurrent() {
  const signed = unkept;
  if (!current || !signed) return;
  unkept = undefined;
  await keepManifest(signed, Object.values(slotsOfSide(current)));
}

/**
 * An old manifest may be sent once more by whoever recorded it, and is old in both. A database that was restored
 * counts its versions from an older number on, but at a later time; a clock that was set back, the other way round.
 * @param {Manifest} told
 */
function isNews(told) {
  return !current || told.version > current.version || Date.parse(told.issued_at) > Date.parse(current.issued_at);
}

/** This screen's own slot. */
export function ownPicture() {
  return current && !current.dark ? current.slots[ownSlot] : undefined;
}

/**
 * Every slot of this screen's orientation, by its name.
 * @param {Manifest} manifest
 * @returns {Record<string, Slot>}
 */
export function slotsOfSide(manifest) {
  return Object.fromEntries(Object.entries(manifest.slots).filter(([name]) => name.endsWith(config.side)));
}

/**
 * @param {Signed} signed
 * @returns {Manifest}
 */
function manifestIn({ payload }) {
  return JSON.parse(payload);
}
