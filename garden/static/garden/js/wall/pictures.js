/** Pictures on their way here: taken from what is kept, else fetched; none is used that is not exactly the one named. */

import { request } from "../../lib/http.js";
import { pause } from "../../lib/page.js";
import { ownSlot } from "./config.js";
import { currentManifest, slotsOfSide } from "./manifest.js";
import { dropPicture, keepPicture, keptPicture } from "./shelf.js";

/** @typedef {import("./manifest.js").Slot} Slot */

const TIMEOUT_MS = 60000;
const SPREAD_MS = 5000;
const REST_MS = 60000;

/** @type {import("./manifest.js").Manifest | undefined} */
let stocked;
let restUntil = 0;

/** @param {Slot} slot @returns {Promise<Blob>} */
export async function pictureOf(slot) {
  return (await keptExactly(slot)) ?? fetchPicture(slot);
}

/** @param {Slot} slot */
export async function keptExactly(slot) {
  const kept = await keptPicture(slot);
  if (!kept || (await isExactly(kept, slot.sha256))) return kept;
  await dropPicture(slot);
  return undefined;
}

/** Keep the other pictures of the zone too, for when the network is away; not all walls at the same moment. */
export async function stockUp() {
  const manifest = currentManifest();
  if (!manifest || manifest === stocked || Date.now() < restUntil) return;
  restUntil = Date.now() + REST_MS;
  await pause(Math.random() * SPREAD_MS);
  for (const slot of neighbours()) if (!(await keptPicture(slot))) await fetchPicture(slot);
  stocked = manifest;
  restUntil = 0;
}

/** Slots of this orientation, the next one first: without a network the walls of a zone do not all show the same. */
export function neighbours() {
  const manifest = currentManifest();
  if (!manifest) return [];
  const slots = slotsOfSide(manifest);
  const names = Object.keys(slots).sort();
  const behind = names.filter((name) => name > ownSlot);
  const before = names.filter((name) => name < ownSlot);
  return [...behind, ...before].map((name) => slots[name]);
}

/** @param {Slot} slot @returns {Promise<Blob>} */
async function fetchPicture(slot) {
  const options = { cache: /** @type {const} */ ("reload"), headers: { Accept: "image/jpeg" }, timeoutMs: TIMEOUT_MS };
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
