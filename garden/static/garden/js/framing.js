/**
 * Finding the face in the live picture, in the page itself. The detector is loaded when a visitor agreed to the
 * camera; it sees a small square that is wiped after each look.
 */

import { timeOut } from "../lib/page.js";
import { findFaces, pixelsOf, startHuman } from "./human.js";

/** @import { FaceResult, Human, Point as HumanPoint } from "@vladmandic/human" */

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
  const side = Math.min(video.videoWidth, video.videoHeight);
  const [left, top] = [(video.videoWidth - side) / 2, (video.videoHeight - side) / 2];
  const pixels = pixelsOf(video, { left, top, width: side, height: side }, { width: SIDE, height: SIDE });
  const [largest] = await findFaces(detector, pixels);
  const face = largest && faceOf(largest);
  const sight = judge(face, face ? brightness(pixels, face) : 0);
  pixels.data.fill(0);
  return sight;
}

/** @param {FaceResult} found */
function faceOf({ boxRaw: [left, top, width, height], annotations }) {
  /** @param {HumanPoint[]} points */
  const point = ([[x, y]]) => ({ x: x / SIDE, y: y / SIDE });
  const { leftEye, rightEye, nose } = annotations;
  return { left, top, width, height, leftEye: point(leftEye), rightEye: point(rightEye), nose: point(nose) };
}

/** @param {ImageData} pixels @param {Face} face */
function brightness({ data }, face) {
  let sum = 0;
  let count = 0;
  for (let y = Math.max(0, face.top); y < Math.min(1, face.top + face.height); y += 0.02) {
    for (let x = Math.max(0, face.left); x < Math.min(1, face.left + face.width); x += 0.02) {
      const at = 4 * (Math.floor(y * SIDE) * SIDE + Math.floor(x * SIDE));
      sum += 0.299 * data[at] + 0.587 * data[at + 1] + 0.114 * data[at + 2];
      count += 1;
    }
  }
  return count ? sum / count : 0;
}

/**
 * Whether a face is well framed: near, in the middle, straight, well lit. Pure arithmetic on one frame.
 * @typedef {{x: number, y: number}} Point
 * @typedef {Object} Face everything in parts of the frame's side (0 … 1)
 * @property {number} left
 * @property {number} top
 * @property {number} width
 * @property {number} height
 * @property {Point} leftEye
 * @property {Point} rightEye
 * @property {Point} nose
 * @typedef {{quality: number, hint: string}} Sight quality 0 … 1; 1 is good enough to take the photo
 */

const NEAREST = 0.85;
const FARTHEST = 0.28;
const MOST_OFF_CENTRE = 0.2;
const MOST_TURNED = 0.35;
const MOST_TILTED = 0.35;
const DARKEST = 55;
const BRIGHTEST = 225;

/** @param {Face | undefined} face @param {number} light mean brightness of the face, 0 … 255 @returns {Sight} */
export function judge(face, light) {
  if (!face) return { quality: 0, hint: "hint_nobody" };
  const faults = faultsOf(face, light);
  const worst = faults.reduce((a, b) => (b.amount > a.amount ? b : a));
  if (worst.amount <= 0) return { quality: 1, hint: "hint_hold" };
  const total = faults.reduce((sum, fault) => sum + Math.max(0, fault.amount), 0);
  return { quality: 0.85 / (1 + total), hint: worst.hint };
}

/** How far each thing is beyond what is fine; 0 or less is fine. @param {Face} face @param {number} light */
function faultsOf(face, light) {
  const eyes = { x: (face.leftEye.x + face.rightEye.x) / 2, y: (face.leftEye.y + face.rightEye.y) / 2 };
  const across = { x: face.leftEye.x - face.rightEye.x, y: face.leftEye.y - face.rightEye.y };
  const distance = Math.hypot(across.x, across.y) || 1;
  const turned = Math.abs(face.nose.x - eyes.x) / distance;
  const tilted = Math.abs(across.y) / distance;
  const off = Math.hypot(face.left + face.width / 2 - 0.5, face.top + face.height / 2 - 0.5);
  return [
    { hint: "hint_closer", amount: (FARTHEST - face.height) / FARTHEST },
    { hint: "hint_farther", amount: (face.height - NEAREST) / NEAREST },
    { hint: "hint_middle", amount: (off - MOST_OFF_CENTRE) / MOST_OFF_CENTRE },
    { hint: "hint_straight", amount: Math.max(turned - MOST_TURNED, tilted - MOST_TILTED) / MOST_TURNED },
    { hint: "hint_brighter", amount: (DARKEST - light) / DARKEST },
    { hint: "hint_darker", amount: (light - BRIGHTEST) / (255 - BRIGHTEST) },
  ];
}
