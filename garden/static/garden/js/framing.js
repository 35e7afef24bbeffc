/**
 * Finding the face in the live picture, in the page itself. The detector is loaded when a visitor agreed to the
 * camera; it sees a small square that is wiped after each look.
 */

import { timeOut } from "../lib/page.js";
import { drawPixels, middleOf } from "./camera.js";
import { findFaces, offCentre, startHuman } from "./human.js";

/** @import { FaceResult, Human } from "@vladmandic/human" */
/** @typedef {{quality: number, hint: string}} Sight quality 0 … 1; 1 is good enough to take the photo */

const SIDE = 256;
const TIMEOUT_MS = 20_000;
const FACE = {
  detector: { modelPath: "blazeface.json", rotation: false, maxDetected: 3, minConfidence: 0.4, skipFrames: 0 },
};

/** @type {Promise<Human | undefined> | undefined} */
let loading;

/** The detector, or undefined where it cannot run: then the visitor presses the button. */
export function loadDetector() {
  loading ??= Promise.race([startHuman(FACE), timeOut(TIMEOUT_MS)]).catch(() => {
    loading = undefined;
    return undefined;
  });
  return loading;
}

/** @param {Human} detector @param {HTMLVideoElement} video @returns {Promise<Sight>} */
export async function see(detector, video) {
  const pixels = drawPixels(video, middleOf(video), { width: SIDE, height: SIDE });
  const [largest] = await findFaces(detector, pixels);
  const sight = largest ? judge(largest, brightness(pixels, largest)) : { quality: 0, hint: "hint_nobody" };
  pixels.data.fill(0);
  return sight;
}

/** The mean of the face, 0 … 255. @param {ImageData} pixels @param {FaceResult} face */
function brightness({ data }, { boxRaw: [left, top, width, height] }) {
  let sum = 0;
  let count = 0;
  for (let y = Math.max(0, top); y < Math.min(1, top + height); y += 0.02) {
    for (let x = Math.max(0, left); x < Math.min(1, left + width); x += 0.02) {
      const at = 4 * (Math.floor(y * SIDE) * SIDE + Math.floor(x * SIDE));
      sum += 0.299 * data[at] + 0.587 * data[at + 1] + 0.114 * data[at + 2];
      count += 1;
    }
  }
  return count ? sum / count : 0;
}

/** The height of a face and its distance from the middle, in parts of the frame's side. */
const NEAREST = 0.85;
const FARTHEST = 0.28;
const MOST_OFF_CENTRE = 0.2;
/** In parts of the distance between the eyes. */
const MOST_TURNED = 0.35;
const MOST_TILTED = 0.35;
const DARKEST = 55;
const BRIGHTEST = 225;

/** Whether a face is near, in the middle, straight and well lit. @param {FaceResult} face @param {number} light @returns {Sight} */
function judge(face, light) {
  const faults = faultsOf(face, light);
  const worst = faults.reduce((a, b) => (b.amount > a.amount ? b : a));
  if (worst.amount <= 0) return { quality: 1, hint: "hint_hold" };
  const total = faults.reduce((sum, fault) => sum + Math.max(0, fault.amount), 0);
  return { quality: 0.85 / (1 + total), hint: worst.hint };
}

/** How far each thing is beyond what is fine; 0 or less is fine. @param {FaceResult} face @param {number} light */
function faultsOf(face, light) {
  const height = face.boxRaw[3];
  const [leftEye] = face.annotations.leftEye;
  const [rightEye] = face.annotations.rightEye;
  const [nose] = face.annotations.nose;
  const distance = Math.hypot(leftEye[0] - rightEye[0], leftEye[1] - rightEye[1]) || 1;
  const turned = Math.abs(nose[0] - (leftEye[0] + rightEye[0]) / 2) / distance;
  const tilted = Math.abs(leftEye[1] - rightEye[1]) / distance;
  const off = offCentre(face);
  return [
    { hint: "hint_closer", amount: (FARTHEST - height) / FARTHEST },
    { hint: "hint_farther", amount: (height - NEAREST) / NEAREST },
    { hint: "hint_middle", amount: (off - MOST_OFF_CENTRE) / MOST_OFF_CENTRE },
    { hint: "hint_straight", amount: Math.max(turned - MOST_TURNED, tilted - MOST_TILTED) / MOST_TURNED },
    { hint: "hint_brighter", amount: (DARKEST - light) / DARKEST },
    { hint: "hint_darker", amount: (light - BRIGHTEST) / (255 - BRIGHTEST) },
  ];
}
