/**
 * One picture after the other: a new one only when it is whole, genuine and drawn. While the garden cannot be reached the
 * last picture stays for some minutes, then the kept ones take turns, for days if need be; dark walls stay dark for at most
 * a night.
 */

import { heartbeat, isOutdated, noteProblem, reportShown } from "./device.js";
import { isGround, showCode, showGround, showMood, showPicture } from "./screen.js";
import { currentManifest, keptExactly, pictureOf, slotsInTurn } from "./zone.js";

/** @typedef {import("./zone.js").Slot} Slot */

const FIRST_REST_MS = 10 * 1000;
const LONGEST_REST_MS = 5 * 60 * 1000;
const GROUND = "ground";

/** What hangs, by its SHA-256; nothing has yet. */
let hanging = "";
const failed = { sha256: "", until: 0, rest: 0 };

export function hangsNothing() {
  return hanging === "";
}

/** Whether it hangs then. @param {Slot | undefined} slot none for the bare ground */
export async function hang(slot) {
  const wanted = slot?.sha256 ?? GROUND;
  if (wanted !== hanging && !(await change(slot, wanted))) return false;
  reportShown(slot?.key ?? "", currentManifest()?.version ?? 0);
  void showCode(slot?.souvenir ?? "");
  return true;
}

/** Whether it hangs now. @param {Slot | undefined} slot @param {string} wanted */
async function change(slot, wanted) {
  if (wanted === failed.sha256 && Date.now() < failed.until) return false;
  try {
    const picture = slot && (await pictureOf(slot));
    if (isOutdated()) await loadNewest();
    const moves = !matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (picture) await showPicture(picture, hanging && moves ? slot.stages : [], moves ? slot.layers : []);
    else void showGround();
  } catch (error) {
    rest(wanted);
    noteProblem("picture", error);
    return false;
  }
  hanging = wanted;
  heartbeat.setProblem("picture", "");
  if (slot) showMood(slot.emotion);
  return true;
}

/** Never returns: the page that asked is gone. */
async function loadNewest() {
  if (!isGround()) await showGround();
  location.reload();
  await new Promise(() => {});
}

/** Try the same picture again later, and later each time. @param {string} sha256 */
function rest(sha256) {
  failed.rest = failed.sha256 === sha256 ? Math.min(2 * failed.rest, LONGEST_REST_MS) : FIRST_REST_MS;
  failed.sha256 = sha256;
  failed.until = Date.now() + failed.rest;
}

const STILL_MS = 3 * 60 * 1000;
const NIGHT_MS = 12 * 60 * 60 * 1000;
const TURN_MS = 60 * 1000;

/** ms; 0 while the garden is reached. */
let awaySince = 0;
let turnedAt = 0;
let turns = 0;

export function endInterlude() {
  awaySince = 0;
  turns = 0;
}

/** The picture to change to now, if it is time for one. @returns {Promise<Slot | undefined>} */
export async function nextOfInterlude() {
  const now = Date.now();
  awaySince ||= now;
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

async function playable() {
  /** @type {Slot[]} */
  const kept = [];
  for (const slot of slotsInTurn()) if (await keptExactly(slot)) kept.push(slot);
  return kept;
}
