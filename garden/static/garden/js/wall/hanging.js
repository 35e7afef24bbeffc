/** Hanging one picture after the other: a new one only when it is whole, genuine and drawn. */

import { showCode, showMood } from "./corners.js";
import { clearProblem, noteProblem, reportShown } from "./heartbeat.js";
import { pictureOf } from "./pictures.js";
import { renewIfDue } from "./renewal.js";
import { showGround, showPicture } from "./stage.js";

/** @typedef {import("./manifest.js").Slot} Slot */

const FIRST_REST_MS = 10 * 1000;
const LONGEST_REST_MS = 5 * 60 * 1000;
const GROUND = "ground";

/** What hangs, by its SHA-256; nothing has yet. */
let hanging = "";
const failed = { sha256: "", until: 0, rest: 0 };

export function hangsNothing() {
  return hanging === "";
}

/**
 * Whether it hangs then.
 * @param {Slot | undefined} slot none for the bare ground
 * @param {number} version of the zone
 */
export async function hang(slot, version) {
  const wanted = slot?.sha256 ?? GROUND;
  if (wanted !== hanging && !(await change(slot, wanted))) return false;
  reportShown(slot?.key ?? "", version);
  void showCode(slot?.souvenir ?? "");
  return true;
}

/** Whether it hangs now. @param {Slot | undefined} slot @param {string} wanted */
async function change(slot, wanted) {
  if (wanted === failed.sha256 && Date.now() < failed.until) return false;
  try {
    const picture = slot && (await pictureOf(slot));
    await renewIfDue();
    if (picture) await showPicture(picture);
    else void showGround();
  } catch (error) {
    rest(wanted);
    noteProblem("picture", error);
    return false;
  }
  hanging = wanted;
  clearProblem("picture");
  if (slot) showMood(slot.emotion);
  return true;
}

/** Try the same picture again later, and later each time. @param {string} sha256 */
function rest(sha256) {
  failed.rest = failed.sha256 === sha256 ? Math.min(2 * failed.rest, LONGEST_REST_MS) : FIRST_REST_MS;
  failed.sha256 = sha256;
  failed.until = Date.now() + failed.rest;
}
