/** What the walls of the zone show, as the server says. */

import { fetchChanged } from "../../lib/http.js";
import { config, ownSlot } from "./config.js";
import { keepManifest, keptManifest } from "./shelf.js";

/**
 * @typedef {import("schemas").Schema["Manifest"]} Manifest
 * @typedef {import("schemas").Schema["ManifestSlot"]} Slot
 */

const TIMEOUT_MS = 5000;

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
  const changed = await fetchChanged(config.paths.manifest, etag, TIMEOUT_MS);
  if (!changed) return;
  accept(changed.data);
  etag = changed.etag;
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

/** Every slot of this screen's orientation, by its name. @param {Manifest} manifest @returns {Record<string, Slot>} */
export function slotsOfSide(manifest) {
  return Object.fromEntries(Object.entries(manifest.slots).filter(([name]) => name.endsWith(config.side)));
}
