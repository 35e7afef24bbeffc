/**
 * Finding the face in the live picture, in the page itself. The detector is loaded when a visitor agreed to the
 * camera; it sees a small square that is wiped after each look.
 */

import { findFaces, startHuman } from "./human.js";
import { judge } from "./sight.js";

const SIDE = 256;
const PATIENCE_MS = 20000;
const FACE = {
  detector: { modelPath: "blazeface.json", rotation: false, maxDetected: 3, minConfidence: 0.4, skipFrames: 0 },
};

/** @type {Promise<any> | undefined} */
let loading;

/** The detector, or undefined where it cannot run: then the visitor presses the button. */
export function loadDetector() {
  loading ??= Promise.race([startHuman(FACE), soon()]).catch(() => {
    loading = undefined;
  });
  return loading;
}

/**
 * @param {any} detector
 * @param {HTMLVideoElement} video
 * @returns {Promise<import("./sight.js").Sight>}
 */
export async function see(detector, video) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIDE;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));
  const side = Math.min(video.videoWidth, video.videoHeight);
  const left = (video.videoWidth - side) / 2;
  const top = (video.videoHeight - side) / 2;
  context.drawImage(video, left, top, side, side, 0, 0, SIDE, SIDE);
  const pixels = context.getImageData(0, 0, SIDE, SIDE);
  canvas.width = canvas.height = 0;
  const [largest] = await findFaces(detector, pixels);
  const face = largest && faceOf(largest);
  const sight = judge(face, face ? brightness(pixels, face) : 0);
  pixels.data.fill(0);
  return sight;
}

/** @param {any} found */
function faceOf({ boxRaw: [left, top, width, height], annotations }) {
  /** @param {number[][]} points */
  const point = ([[x, y]]) => ({ x: x / SIDE, y: y / SIDE });
  const { leftEye, rightEye, nose } = annotations;
  return { left, top, width, height, leftEye: point(leftEye), rightEye: point(rightEye), nose: point(nose) };
}

/**
 * @param {ImageData} pixels
 * @param {import("./sight.js").Face} face
 */
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

function soon() {
  return new Promise((_, reject) => setTimeout(() => reject(new Error("the detector takes too long")), PATIENCE_MS));
}
