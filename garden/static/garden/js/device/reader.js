/**
 * Reading a face in the page itself: the photo never leaves this device. Loaded on kiosks alone that are set so. The
 * frames are those that would have been posted; their pixels are wiped once they were looked at, and so are the numbers
 * by which a face could be known again.
 */

import { timeOut } from "../../lib/page.js";
import { failure } from "../api.js";
import { drawPixels } from "../camera.js";
import { config } from "../config.js";
import { noteReader } from "../heartbeat.js";
import { findFaces, offCentre, startHuman } from "../human.js";

/** @import { FaceResult, Human, Point } from "@vladmandic/human" */
/** @import { Schema } from "schemas" */

const TIMEOUT_MS = 60_000;
const FACE = {
  detector: { modelPath: "blazeface.json", rotation: true, maxDetected: 4, minConfidence: 0.5, skipFrames: 0 },
  mesh: { enabled: true, modelPath: "facemesh.json" },
  description: { enabled: true, modelPath: "faceres.json", minConfidence: 0, skipFrames: 0 },
  emotion: { enabled: true, modelPath: "emotion.json", minConfidence: 0, skipFrames: 0 },
};

/** @type {Promise<Human> | undefined} */
let loading;

/** Load the models; the next call tries again where that failed. Throws where this device cannot read. */
export function wakeReader() {
  loading ??= Promise.race([startHuman(FACE), timeOut(TIMEOUT_MS)]).then(
    (human) => {
      noteReader("");
      return human;
    },
    (error) => {
      throw deviceFailure("this device cannot read faces", error);
    },
  );
  return loading;
}

/** The models are loaded again for the next reading. @param {string} problem @param {unknown} error */
function deviceFailure(problem, error) {
  loading = undefined;
  noteReader(problem, error);
  return failure("device");
}

/** @param {Blob[]} frames photos of one moment */
export async function readHere(frames) {
  const human = await wakeReader();
  /** @type {Seen[]} */
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

/** @param {Human} human @param {Blob} frame @returns {Promise<FaceResult[]>} */
async function look(human, frame) {
  const bitmap = await createImageBitmap(frame).catch(() => {
    throw failure("photo");
  });
  const { width, height } = bitmap;
  const pixels = drawPixels(bitmap, { left: 0, top: 0, width, height }, { width, height });
  bitmap.close();
  try {
    return await findFaces(human, pixels);
  } catch (error) {
    throw deviceFailure("this device failed to read a face", error);
  } finally {
    pixels.data.fill(0);
  }
}

/** Human caches its last answer, with the description of a face. @param {Human} human @param {FaceResult[]} faces */
function wipe(human, faces) {
  for (const face of faces) {
    face.embedding?.fill(0);
    for (const point of face.mesh) point.fill(0);
  }
  human.result.face = [];
}

const MOODS = /** @type {const} */ (["happy", "surprised", "calm", "angry", "fear", "confused", "disgusted", "sad"]);
/** Where Human's word for a mood is another one; it knows no confusion. @type {Record<string, string>} */
const WORDS = { surprise: "surprised", neutral: "calm", disgust: "disgusted" };

/** Points of the mesh: pairs above and below each other, or right and left. */
const RIGHT_EYE = { height: [159, 145], width: [33, 133] };
const LEFT_EYE = { height: [386, 374], width: [362, 263] };
/** From here on an eye is open; the mesh draws closed ones too wide to be detected (garden/faces/local/attributes.py). */
const WIDE_OPEN = 0.34;

/**
 * One face as Human describes it, in the garden's terms.
 * @typedef {ReturnType<typeof describe>} Seen
 * @param {FaceResult} face
 */
function describe({ emotion = [], age = 0, gender, score, mesh }) {
  return {
    scores: scoresOf(emotion),
    age,
    isMale: gender === "male",
    confidence: score,
    hasEyesOpen: (aperture(mesh, RIGHT_EYE) + aperture(mesh, LEFT_EYE)) / 2 >= WIDE_OPEN,
  };
}

/** All eight moods, summing to 1. @param {{emotion: string, score: number}[]} found hundredths, which need not sum to 1 */
function scoresOf(found) {
  const sum = found.reduce((total, { score }) => total + score, 0);
  const scores = Object.fromEntries(MOODS.map((mood) => [mood, 0]));
  for (const { emotion, score } of found) scores[WORDS[emotion] ?? emotion] = score / sum;
  return scores;
}

/** @param {Point[]} mesh @param {{height: number[], width: number[]}} opening */
function aperture(mesh, { height, width }) {
  return distance(mesh, height) / Math.max(distance(mesh, width), 1);
}

/** @param {Point[]} mesh @param {number[]} pair */
function distance(mesh, [one, other]) {
  return Math.hypot(mesh[one][0] - mesh[other][0], mesh[one][1] - mesh[other][1]);
}

const AS_LARGE = 0.5;

/**
 * The face to read; undefined where there is none, or where others stand beside it and that is to be refused.
 * @param {FaceResult[]} faces the largest first
 * @param {"largest" | "centre" | "refuse"} several
 */
function chooseFace(faces, several) {
  const near = faces.filter(({ boxRaw: [, , , height] }) => height >= AS_LARGE * faces[0].boxRaw[3]);
  if (several === "refuse") return near.length === 1 ? near[0] : undefined;
  if (several === "centre") return near.sort((a, b) => offCentre(a) - offCentre(b))[0];
  return near[0];
}

/** How far the true age of four people of five is from Human's guess: docs/explanation/face-model-card.md. */
const AGE_REACH = 16;
/** From this share of happiness on it is a smile. */
const SMILES = 0.5;
const OLDEST = 120;

/**
 * @param {Seen[]} seen at least one
 * @param {number} faces how many stood there
 * @param {string} version of Human
 * @returns {Schema["OwnReading"]}
 */
function summarize(seen, faces, version) {
  const means = MOODS.map((mood) => [mood, mean(seen, (each) => each.scores[mood])]);
  const emotionScores = /** @type {Schema["Scores"]} */ (Object.fromEntries(means));
  const strongest = MOODS.reduce((best, mood) => (emotionScores[mood] > emotionScores[best] ? mood : best));
  const age = Math.round(mean(seen, (each) => each.age));
  return {
    reader: `human ${version}`,
    ageRange: { Low: Math.max(0, age - AGE_REACH), High: Math.min(OLDEST, age + AGE_REACH) },
    gender: mean(seen, (each) => Number(each.isMale)) > 0.5 ? "Male" : "Female",
    emotions: /** @type {Schema["OwnReading"]["emotions"]} */ (strongest.toUpperCase()),
    emotionScores,
    faces,
    confidence: mean(seen, (each) => each.confidence),
    smile: emotionScores.happy >= SMILES,
    eyesOpen: mean(seen, (each) => Number(each.hasEyesOpen)) > 0.5 || null,
  };
}

/** @param {Seen[]} seen @param {(each: Seen) => number} numberOf */
function mean(seen, numberOf) {
  return seen.reduce((sum, each) => sum + numberOf(each), 0) / seen.length;
}
