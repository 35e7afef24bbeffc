/**
 * What hangs in the zone, kept in this browser so that the wall plays on without a network: the pictures of this
 * orientation, and the manifest that names them. Nothing else: a picture that was taken down must not come back.
 */

import { config } from "./config.js";
import { noteProblem } from "./heartbeat.js";

/**
 * @typedef {import("./manifest.js").Manifest} Manifest
 * @typedef {import("./manifest.js").Slot} Slot
 */

const MOST_BYTES = 64 * 2 ** 20;
const FOLDER = `${config.paths.scope}-/kept/${config.zone}/${config.side}/`;
const MANIFEST = `${FOLDER}manifest`;

/** Plain http has no such store: there the memory of the page has to do. */
const store = globalThis.caches?.open(`wall-kept-${config.zone}-${config.side}`);
/** @type {Map<string, Blob>} */
const memory = new Map();

/** Ask the browser not to tidy up what a wall may need for days. */
export async function keepForLong() {
  await navigator.storage?.persist?.();
}

/** @param {Slot} slot */
export function keptPicture(slot) {
  return read(FOLDER + slot.sha256);
}

/** @param {Slot} slot @param {Blob} picture */
export async function keepPicture(slot, picture) {
  if ((await bytesKept()) + picture.size <= MOST_BYTES) await write(FOLDER + slot.sha256, picture);
}

/** @param {Slot} slot */
export function dropPicture(slot) {
  return drop(FOLDER + slot.sha256);
}

/** @returns {Promise<Manifest | undefined>} */
export async function keptManifest() {
  const text = await (await read(MANIFEST))?.text();
  return text && JSON.parse(text);
}

/**
 * Keep the manifest, and of the pictures those it names.
 * @param {Manifest} manifest
 * @param {Slot[]} slots of this orientation
 */
export async function keepManifest(manifest, slots) {
  await write(MANIFEST, new Blob([JSON.stringify(manifest)], { type: "application/json" }));
  const named = new Set([MANIFEST, ...slots.map((slot) => FOLDER + slot.sha256)]);
  for (const name of await names()) if (!named.has(name)) await drop(name);
}

async function bytesKept() {
  const blobs = await Promise.all((await names()).map(read));
  return blobs.reduce((sum, blob) => sum + (blob?.size ?? 0), 0);
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
