/**
 * While the garden cannot be reached: the last picture stays for some minutes, then the kept ones take turns, for
 * days if need be. Walls with a dark schedule stay dark for at most a night.
 */

import { ownSlot } from "./config.js";
import { currentManifest, slotsOfSide } from "./manifest.js";
import { keptExactly, neighbours } from "./pictures.js";

/** @typedef {import("./manifest.js").Slot} Slot */

const STILL_MS = 3 * 60 * 1000;
const NIGHT_MS = 12 * 60 * 60 * 1000;
const TURN_MS = 60 * 1000;

/** @type {number | undefined} */
let awaySince;
let turnedAt = 0;
let turns = 0;

export function endInterlude() {
  awaySince = undefined;
  turns = 0;
}

/** The picture to change to now, if it is time for one. @returns {Promise<Slot | undefined>} */
export async function nextOfInterlude() {
  const now = Date.now();
  awaySince ??= now;
  const still = currentManifest()?.dark ? NIGHT_MS : STILL_MS;
  if (now - awaySince < still || now - turnedAt < TURN_MS) return undefined;
  const pictures = await playable();
  turnedAt = now;
  return pictures[turns++ % pictures.length];
}

/** Something to begin with, where this screen's own picture is not kept. */
export async function firstOfInterlude() {
  return currentManifest()?.dark ? undefined : (await playable())[0];
}

/** The neighbours' pictures, then this screen's own. */
async function playable() {
  const manifest = currentManifest();
  const own = manifest && slotsOfSide(manifest)[ownSlot];
  /** @type {Slot[]} */
  const kept = [];
  for (const slot of own ? [...neighbours(), own] : neighbours()) if (await keptExactly(slot)) kept.push(slot);
  return kept;
}
