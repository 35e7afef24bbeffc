/**
 * One face as Human describes it, in the garden's words. What it cannot tell is null: no guess stands in for it.
 * @typedef {Object} Seen
 * @property {Record<string, number>} scores all eight moods, summing to 1; Human knows no confusion
 * @property {number} age in years
 * @property {"Male" | "Female"} gender
 * @property {number} confidence 0 … 1
 * @property {boolean | null} eyesOpen
 */

export const MOODS = ["happy", "surprised", "calm", "angry", "fear", "confused", "disgusted", "sad"];
/** @type {Record<string, string>} Human's words for seven of them. */
const WORDS = {
  happy: "happy",
  surprise: "surprised",
  neutral: "calm",
  angry: "angry",
  fear: "fear",
  disgust: "disgusted",
  sad: "sad",
};

/** Points of the mesh: pairs above and below each other, or right and left. */
const RIGHT_EYE = { height: [159, 145], width: [33, 133] };
const LEFT_EYE = { height: [386, 374], width: [362, 263] };
/** From here on an eye is open; the mesh draws closed ones too wide to be told by it (garden/faces/local/attributes.py). */
const WIDE_OPEN = 0.34;

/**
 * @param {any} face Human's
 * @returns {Seen}
 */
export function describe(face) {
  return {
    scores: scoresOf(face.emotion),
    age: face.age,
    gender: face.gender === "male" ? "Male" : "Female",
    confidence: face.score,
    eyesOpen: (aperture(face.mesh, RIGHT_EYE) + aperture(face.mesh, LEFT_EYE)) / 2 >= WIDE_OPEN || null,
  };
}

/** @param {{emotion: string, score: number}[]} found hundredths, which need not sum to 1 */
function scoresOf(found) {
  const sum = found.reduce((total, { score }) => total + score, 0);
  const scores = Object.fromEntries(MOODS.map((mood) => [mood, 0]));
  for (const { emotion, score } of found) scores[WORDS[emotion]] = score / sum;
  return scores;
}

/**
 * @param {number[][]} mesh
 * @param {{height: number[], width: number[]}} opening
 */
function aperture(mesh, { height, width }) {
  return distance(mesh, height) / Math.max(distance(mesh, width), 1);
}

/**
 * @param {number[][]} mesh
 * @param {number[]} pair
 */
function distance(mesh, [one, other]) {
  return Math.hypot(mesh[one][0] - mesh[other][0], mesh[one][1] - mesh[other][1]);
}
