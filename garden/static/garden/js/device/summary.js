/** Several looks at one face as one reading, in the JSON that the garden takes: `/emotion`'s, without the visitor. */

import { MOODS } from "./face.js";

/** How far the true age of four people of five is from Human's guess: docs/explanation/face-model-card.md. */
const AGE_REACH = 16;
/** From this share of happiness on it is a smile. */
const SMILES = 0.5;
const OLDEST = 120;

/**
 * @param {import("./face.js").Seen[]} seen at least one
 * @param {number} faces how many stood there
 * @param {string} version of Human
 */
export function summarize(seen, faces, version) {
  const means = MOODS.map((mood) => [mood, rounded(mean(seen, (each) => each.scores[mood]))]);
  const emotionScores = /** @type {import("schemas").Schema["Scores"]} */ (Object.fromEntries(means));
  const strongest = MOODS.reduce((best, mood) => (emotionScores[mood] > emotionScores[best] ? mood : best));
  return {
    reader: `human ${version}`,
    ageRange: rangeAround(mean(seen, (each) => each.age)),
    gender: mostOf(seen.map((each) => each.gender)),
    emotions: /** @type {import("schemas").Schema["OwnReading"]["emotions"]} */ (strongest.toUpperCase()),
    emotionScores,
    faces,
    confidence: rounded(
      Math.min(
        1,
        mean(seen, (each) => each.confidence),
      ),
    ),
    smile: emotionScores.happy >= SMILES,
    eyesOpen: mostOf(seen.map((each) => each.eyesOpen)),
  };
}

/** @param {number} age */
function rangeAround(age) {
  const low = Math.min(Math.max(0, Math.round(age - AGE_REACH)), OLDEST - 1);
  return { Low: low, High: Math.min(OLDEST, Math.max(low + 1, Math.round(age + AGE_REACH))) };
}

/** @param {import("./face.js").Seen[]} seen @param {(each: import("./face.js").Seen) => number} numberOf */
function mean(seen, numberOf) {
  return seen.reduce((sum, each) => sum + numberOf(each), 0) / seen.length;
}

/**
 * The most frequent value; the first of equally frequent ones.
 * @template T
 * @param {T[]} words
 * @returns {T}
 */
function mostOf(words) {
  /** @param {T} word */
  const count = (word) => words.filter((each) => each === word).length;
  return words.reduce((best, word) => (count(word) > count(best) ? word : best));
}

/** @param {number} share */
function rounded(share) {
  return Math.round(share * 10000) / 10000;
}
