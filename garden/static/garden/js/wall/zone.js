/**
 * What hangs in the zone: its manifest and its pictures, asked for, and kept in this browser so that the wall plays on
 * without a network. Nothing else is kept: a picture that was taken down must not come back.
 */

import { fetchChanged, request } from "../../lib/http.js";
import { pause } from "../../lib/page.js";
import { config, noteProblem, ownSlot } from "./device.js";

/**
 * @typedef {import("schemas").Schema["Manifest"]} Manifest
 * @typedef {import("schemas").Schema["ManifestSlot"]} Slot
 */

const MANIFEST_MS = 5000;

/** @type {Manifest | undefined} */
let current;
let isKept = true;
let etag = "";

export function currentManifest() {
  return current;
}

/** The manifest of before the page was loaded: what was shown then; older ones are ignored from now on. */
export async function recallManifest() {
  const kept = await (await read(MANIFEST))?.text();
  if (kept && !current) current = JSON.parse(kept);
}

/** Ask what to show now. Throws where there is no answer. */
export async function askManifest() {
  const changed = await fetchChanged(config.paths.manifest, etag, MANIFEST_MS);
  if (!changed) return;
  etag = changed.etag;
  if (changed.data.zone !== config.zone || !isNewer(changed.data)) return;
  current = changed.data;
  isKept = false;
}

/**
 * Keep the manifest, and of the pictures those it names, once this screen shows what it says: a wall that loses its power before
 * still has all of the old one.
 */
export async function keepCurrent() {
  if (!current || isKept) return;
  isKept = true;
  await write(MANIFEST, new Blob([JSON.stringify(current)], { type: "application/json" }));
  const named = new Set([MANIFEST, ...slotsInTurn().map(({ sha256 }) => FOLDER + sha256)]);
  for (const name of await names()) if (!named.has(name)) await drop(name);
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
 * Slots of this screen's orientation, the one after its own first and its own last: without a network the walls of a zone do
 * not all show the same.
 */
export function slotsInTurn() {
  const slots = current?.slots ?? {};
  const names = Object.keys(slots).filter((name) => name.endsWith(config.side));
  const inTurn = [...names.filter((name) => name > ownSlot).sort(), ...names.filter((name) => name <= ownSlot).sort()];
  return inTurn.map((name) => slots[name]);
}

const PICTURE_MS = 60000;
const SPREAD_MS = 5000;
const REST_MS = 60000;

/** @type {Manifest | undefined} */
let stocked;
let restUntil = 0;

/** @param {Slot} slot @returns {Promise<Blob>} */
export async function pictureOf(slot) {
  return (await keptExactly(slot)) ?? fetchPicture(slot);
}

/** @param {Slot} slot */
export async function keptExactly(slot) {
  const kept = await read(FOLDER + slot.sha256);
  if (!kept || (await isExactly(kept, slot.sha256))) return kept;
  await drop(FOLDER + slot.sha256);
  return undefined;
}

/** Keep the other pictures of the zone too, for when the network is away; not all walls at the same moment. */
export async function stockUp() {
  const manifest = current;
  if (!manifest || manifest === stocked || Date.now() < restUntil) return;
  restUntil = Date.now() + REST_MS;
  await pause(Math.random() * SPREAD_MS);
  for (const slot of slotsInTurn()) if (!(await read(FOLDER + slot.sha256))) await fetchPicture(slot);
  stocked = manifest;
  restUntil = 0;
}

/** @param {Slot} slot @returns {Promise<Blob>} */
async function fetchPicture(slot) {
  const options = { cache: /** @type {const} */ ("reload"), headers: { Accept: "image/jpeg" }, timeoutMs: PICTURE_MS };
  const picture = await (await request(slot.url, options)).blob();
  if (!(await isExactly(picture, slot.sha256))) throw new Error(`${slot.key}: its SHA-256 differs`);
  await keepPicture(slot, picture);
  return picture;
}

/**
 * Browsers compute no hash on plain http: there the content cannot be verified.
 * @param {Blob} blob
 * @param {string} sha256 in hex
 */
async function isExactly(blob, sha256) {
  const subtle = globalThis.crypto?.subtle;
  if (!subtle) return true;
  const digest = new Uint8Array(await subtle.digest("SHA-256", await blob.arrayBuffer()));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("") === sha256;
}

const MOST_BYTES = 64 * 2 ** 20;
const FOLDER = `${config.paths.scope}-/kept/${config.zone}/${config.side}/`;
const MANIFEST = `${FOLDER}manifest`;

/** Plain http has no such store: there the memory of the page has to do. */
const store = globalThis.caches?.open(`wall-kept-${config.zone}-${config.side}`);
/** @type {Map<string, Blob>} */
const memory = new Map();

/** @param {Slot} slot @param {Blob} picture */
export async function keepPicture(slot, picture) {
  const kept = await Promise.all((await names()).map(read));
  const bytes = kept.reduce((sum, blob) => sum + (blob?.size ?? 0), picture.size);
  if (bytes <= MOST_BYTES) await write(FOLDER + slot.sha256, picture);
}

/** @param {string} name @returns {Promise<Blob | undefined>} */
async function read(name) {
  return store ? (await (await store).match(name))?.blob() : memory.get(name);
}

/** @param {string} name @param {Blob} blob */
async function write(name, blob) {
  try {
    if (store) await (await store).put(name, new Response(blob));
    else memory.set(name, blob);
  } catch (error) {
    noteProblem("keeping pictures", error);
  }
}

/** @param {string} name */
async function drop(name) {
  if (store) await (await store).delete(name);
  else memory.delete(name);
}

async function names() {
  if (!store) return [...memory.keys()];
  return (await (await store).keys()).map(({ url }) => new URL(url).pathname);
}
