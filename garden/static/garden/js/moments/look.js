/** The live picture in a ring, and beside it how well the face is framed; the photo is taken by itself when it is. */

import { ApiError } from "../../lib/http.js";
import { find, findAll, pause } from "../../lib/page.js";
import { failure, kindOf, readFace, sendReading } from "../api.js";
import { closeCamera, openCamera, shrinkPhoto, takeFrame } from "../camera.js";
import { config } from "../config.js";
import { loadDetector, see } from "../framing.js";
import { stayAwake } from "../idle.js";
import { addMoment, button, sectionOf, show } from "../stage.js";
import { onForget, visit, visitSignal } from "../visit.js";
import { setWord } from "../words.js";

/** @import { ErrorKind } from "../api.js" */

const HOLD_MS = 2000;
const FLICKER_MS = 400;
const PAUSE_MS = 80;
const FRAMES = 3;
const BETWEEN_FRAMES_MS = 120;
const AFTER_TROUBLE_MS = 2500;
/** @type {Record<string, string>} */
const CAMERA_TROUBLE = { NotAllowedError: "camera_denied", NotFoundError: "camera_missing" };

const BEFORE = config.privacy.asksConsent ? "agree" : "consent";
const MOST_LOOKS = 3;

const section = sectionOf("look");
const video = /** @type {HTMLVideoElement} */ (find("video", section));
const hint = find(".look-hint", section);
const input = /** @type {HTMLInputElement} */ (find(".photo-input", section));
const mirror = find(".mirror", section);
const quality = find(".ring-quality", mirror);
const hold = find(".ring-fill", mirror);
const count = find(".mirror-count", mirror);
const sign = find(".look-sign", mirror);
const faults = findAll("[data-fault]", sign);

let looks = 0;
/** Grows with each look, so that whatever an earlier one still does is ignored. */
let turn = 0;

addMoment("look", { back: BEFORE, enter, leave });
button("look", "take").addEventListener("click", () => void capture(takeFrames));
button("look", "upload").addEventListener("click", () => input.click());
input.addEventListener("change", () => void useFile());
onForget(leave);

/** @param {number} part 0 … 1 */
function showQuality(part) {
  quality.style.strokeDashoffset = String(1 - part);
  quality.style.opacity = part > 0 ? "0.8" : "0";
  mirror.classList.toggle("is-good", part >= 1);
}

/** How long the face has been well framed, and the seconds that are left. @param {number} ms */
function showHeld(ms) {
  hold.style.strokeDashoffset = String(Math.max(0, 1 - ms / HOLD_MS));
  hold.style.opacity = ms > 0 ? "1" : "0";
  count.textContent = ms > 0 && ms < HOLD_MS ? String(Math.ceil((HOLD_MS - ms) / 1000)) : "";
}

/** @param {string} [fault] what to mend; none hides the sign */
function showSign(fault) {
  for (const drawn of faults) drawn.toggleAttribute("hidden", drawn.dataset.fault !== fault);
  sign.toggleAttribute("hidden", !fault);
}

async function enter() {
  const mine = ++turn;
  looks = 0;
  void loadDetector();
  showSign();
  section.dataset.state = "starting";
  button("look", "take").disabled = true;
  setWord(hint, "hint_starting");
  try {
    await prepareReading();
    if (mine !== turn) return;
    await openCamera(video);
  } catch (error) {
    if (mine === turn) showBlind(error);
    return;
  }
  if (mine !== turn && section.hidden) closeCamera(video);
  if (mine !== turn) return;
  button("look", "take").disabled = false;
  section.dataset.state = "live";
  await watch(mine);
}

function leave() {
  turn += 1;
  closeCamera(video);
  input.value = "";
  section.dataset.state = "off";
  showSign();
  showQuality(0);
  showHeld(0);
}

/** @param {unknown} error why the camera is not opened: it cannot be, or nothing could be read through it */
function showBlind(error) {
  if (error instanceof ApiError) return show("wheel", "trouble_unavailable");
  section.dataset.state = "blind";
  setWord(hint, CAMERA_TROUBLE[/** @type {DOMException} */ (error).name] ?? "camera_busy");
}

/** Look at frame after frame until the face has been well framed for two seconds. @param {number} mine */
async function watch(mine) {
  const detector = await loadDetector();
  if (mine !== turn) return;
  if (!detector) return setWord(hint, "hint_plain");
  let heldSince = 0;
  let goodAt = 0;
  while (mine === turn) {
    const sight = await see(detector, video);
    if (mine !== turn) return;
    const now = performance.now();
    if (sight.hint !== "hint_nobody") stayAwake();
    if (sight.quality === 1) goodAt = now;
    const isGood = now - goodAt < FLICKER_MS && goodAt > 0;
    heldSince = isGood ? heldSince || now : 0;
    const held = heldSince ? now - heldSince : 0;
    setWord(hint, isGood ? "hint_hold" : sight.hint);
    showQuality(isGood ? 1 : sight.quality);
    showHeld(held);
    if (held >= HOLD_MS) return void capture(takeFrames);
    await pause(PAUSE_MS);
  }
}

/** A blink or a word in the middle is outvoted by the other frames. */
async function takeFrames() {
  const frames = [await takeFrame(video)];
  while (frames.length < FRAMES) {
    await pause(BETWEEN_FRAMES_MS);
    frames.push(await takeFrame(video));
  }
  return frames;
}

async function useFile() {
  const [file] = input.files ?? [];
  input.value = "";
  if (file) await capture(async () => [await shrinkPhoto(file)], true);
}

/** Take a photo, have it read, forget it. @param {() => Promise<Blob[]>} take @param {boolean} [isFile] */
async function capture(take, isFile = false) {
  const mine = ++turn;
  button("look", "take").disabled = true;
  section.dataset.state = "reading";
  setWord(hint, "hint_reading");
  showSign();
  showHeld(HOLD_MS);
  try {
    const reading = await readFrames(await take());
    if (mine === turn) acceptReading(reading);
  } catch (error) {
    if (mine === turn) await lookAgain(mine, error, isFile);
  }
}

/** @param {Awaited<ReturnType<typeof readFrames>>} reading */
function acceptReading(reading) {
  visit.id = reading.id;
  visit.generation = reading.generation;
  visit.gender = reading.gender;
  visit.scores = reading.emotionScores;
  visit.guess = reading.emotions.toLowerCase();
  visit.answered = false;
  show("question");
}

/**
 * Say kindly what happened, then look again if there is a camera to look through.
 * @param {number} mine
 * @param {unknown} error
 * @param {boolean} isFile
 */
async function lookAgain(mine, error, isFile) {
  const kind = kindOf(error);
  if (kind === "young" || kind === "off") return show("wheel", `trouble_${kind}`);
  if (kind === "device") return show("wheel", "trouble_unavailable");
  if (kind === "consent") return show(BEFORE);
  if (kind === "unclear" && ++looks === MOST_LOOKS) return show("wheel", "wheel_unseen");
  tellTrouble(error, kind, isFile);
  showHeld(0);
  showQuality(0);
  const canLook = video.srcObject !== null;
  section.dataset.state = canLook ? "live" : "blind";
  button("look", "take").disabled = !canLook;
  if (!canLook || isFile) return;
  await pause(AFTER_TROUBLE_MS);
  const detector = await loadDetector();
  if (mine !== turn) return;
  if (kind === "no_face" || (kind === "unclear" && detector)) await watch(mine);
  // Nothing can say when the face is well framed: a look that was asked for is taken by itself.
  else if (kind === "unclear") await capture(takeFrames);
}

/** @param {unknown} error @param {ErrorKind} kind @param {boolean} isFile */
function tellTrouble(error, kind, isFile) {
  if (error instanceof ApiError && kind === "unclear") return advise(error.body.faults[0], isFile);
  const noFace = isFile ? "photo_no_face" : "hint_no_face";
  setWord(hint, kind === "no_face" ? noFace : `trouble_${kind}`);
}

/** @param {string} fault what to mend first @param {boolean} isFile a chosen photo, for which advice on distance is useless */
function advise(fault, isFile) {
  const known = faults.find((drawn) => drawn.dataset.fault === fault);
  if (isFile) return setWord(hint, known ? `photo_${fault}` : "photo_unclear");
  setWord(hint, known?.dataset.hint ?? "hint_no_face");
  showSign(fault);
}

/** Whatever is needed to read a face is there. Throws where this device is to read and cannot. */
export async function prepareReading() {
  if (config.reading.reader === "in_browser") await (await import("../device/reader.js")).wakeReader();
}

/** @param {Blob[]} frames photos of one moment, read as one @returns {ReturnType<typeof readFace>} */
async function readFrames(frames) {
  if (config.reading.reader !== "in_browser") return readFace(frames);
  const visit = visitSignal();
  const { readHere } = await import("../device/reader.js");
  const reading = await readHere(frames);
  if (visit.aborted) throw failure("forgotten");
  return sendReading(reading);
}
