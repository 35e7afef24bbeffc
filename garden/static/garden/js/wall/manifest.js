/** What the walls of the zone show, as the server says. */

import { config, ownSlot } from "./config.js";
import { keepManifest, keptManifest } from "./shelf.js";

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
 */

const PATIENCE_MS = 5000;

/** @type {Manifest | undefined} */
let current;
let isKept = true;
let etag = "";

export function currentManifest() {
  return current;
}

/** The manifest of before the page was loaded: what was shown then; older ones are ignored from now on. */
export async function recallManifest() {
  const kept = await keptManifest();
  if (kept && !current) current = kept;
}

/** Ask what to show now. Throws where there is no answer. */
export async function askManifest() {
  const response = await fetch(config.paths.manifest, {
    cache: "no-store",
    headers: etag ? { "If-None-Match": etag } : {},
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  if (response.status === 304) return;
  if (!response.ok) throw new Error(`the server answers ${response.status}`);
  accept(await response.json());
  etag = response.headers.get("ETag") ?? "";
}

/** @param {Manifest} manifest */
function accept(manifest) {
  if (manifest.zone !== config.zone || !isNewer(manifest)) return;
  current = manifest;
  isKept = false;
}

/** Once this screen shows what the manifest says: a wall that loses its power before still has all of the old one. */
export async function keepCurrent() {
  if (!current || isKept) return;
  isKept = true;
  await keepManifest(current, Object.values(slotsOfSide(current)));
}

/**
 * A manifest out of a cache is old in both. A database that was restored counts its versions from an older number on,
 * but at a later time; a clock that was set back, the other way round.
 * @param {Manifest} manifest
 */
function isNewer({ version, issued_at }) {
  return !current || version > current.version || Date.parse(issued_at) > Date.parse(current.issued_at);
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
