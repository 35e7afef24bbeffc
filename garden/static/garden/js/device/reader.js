/**
 * Reading a face in the page itself: the photo never leaves this device. Loaded on kiosks alone that are set so. The
 * frames are those that would have been posted; their pixels are wiped once they were looked at, and so are the numbers
 * by which a face could be known again.
 */

import { timeOut } from "../../lib/page.js";
import { failure } from "../api.js";
import { config } from "../config.js";
import { findFaces, startHuman } from "../human.js";
import { chooseFace, describe } from "./face.js";
import { summarize } from "./summary.js";

const TIMEOUT_MS = 60_000;
const FACE = {
  detector: { modelPath: "blazeface.json", rotation: true, maxDetected: 4, minConfidence: 0.5, skipFrames: 0 },
  mesh: { enabled: true, modelPath: "facemesh.json" },
  description: { enabled: true, modelPath: "faceres.json", minConfidence: 0, skipFrames: 0 },
  emotion: { enabled: true, modelPath: "emotion.json", minConfidence: 0, skipFrames: 0 },
};

/** @type {Promise<import("@vladmandic/human").Human> | undefined} */
let loading;

/** Load the models; the next call tries again where that failed. Throws where this device cannot read. */
export function wakeReader() {
  loading ??= Promise.race([startHuman(FACE), timeOut(TIMEOUT_MS)]).then(
    (human) => {
      reportProblem("");
      return human;
    },
    (error) => {
      loading = undefined;
      reportProblem(`this device cannot read faces: ${error instanceof Error ? error.constructor.name : "error"}`);
      throw failure("device");
    },
  );
  return loading;
}

/** @param {Blob[]} frames photos of one moment @returns {Promise<ReturnType<typeof summarize>>} */
export async function readHere(frames) {
  const human = await wakeReader();
  /** @type {import("./face.js").Seen[]} */
  const seen = [];
  let most = 0;
  for (const frame of frames) {
    const faces = await look(human, frame);
    const chosen = chooseFace(faces, config.reading.several);
    if (chosen) seen.push(describe(chosen));
    most = Math.max(most, faces.length);
    wipe(human, faces);
  }
  if (seen.length === 0) throw most > 0 ? failure("unclear", { faults: ["several"] }) : failure("no_face");
  return summarize(seen, most, human.version);
}

/**
 * @param {import("@vladmandic/human").Human} human
 * @param {Blob} frame
 * @returns {Promise<import("@vladmandic/human").FaceResult[]>}
 */
async function look(human, frame) {
  const pixels = await pixelsOf(frame);
  try {
    return await findFaces(human, pixels);
  } catch (error) {
    loading = undefined;
    reportProblem(`this device failed to read a face: ${error instanceof Error ? error.constructor.name : "error"}`);
    throw failure("device");
  } finally {
    pixels.data.fill(0);
  }
}

/** @param {Blob} frame */
async function pixelsOf(frame) {
  const bitmap = await createImageBitmap(frame).catch(() => {
    throw failure("photo");
  });
  const canvas = document.createElement("canvas");
  canvas.width = bitmap.width;
  canvas.height = bitmap.height;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));
  context.drawImage(bitmap, 0, 0);
  const pixels = context.getImageData(0, 0, canvas.width, canvas.height);
  bitmap.close();
  canvas.width = canvas.height = 0;
  return pixels;
}

/**
 * Human caches its last answer, with the description of a face.
 * @param {import("@vladmandic/human").Human} human
 * @param {import("@vladmandic/human").FaceResult[]} faces
 */
function wipe(human, faces) {
  for (const face of faces) {
    face.embedding?.fill(0);
    for (const point of face.mesh) point.fill(0);
  }
  human.result.face = [];
}

/** For the heartbeat. @param {string} problem empty: none any more */
function reportProblem(problem) {
  document.dispatchEvent(new CustomEvent("reader", { detail: problem }));
}
