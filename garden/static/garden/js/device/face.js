/**
 * One face as Human describes it, in the garden's terms. Unknown values are null, never guessed.
 * @typedef {Object} Seen
 * @property {Record<string, number>} scores all eight moods, summing to 1; Human knows no confusion
 * @property {number} age in years
 * @property {"Male" | "Female"} gender
 * @property {number} confidence 0 … 1
 * @property {boolean | null} eyesOpen
 */

export const MOODS = /** @type {const} */ ([
  "happy",
  "surprised",
  "calm",
  "angry",
  "fear",
  "confused",
  "disgusted",
  "sad",
]);
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
/** From here on an eye is open; the mesh draws closed ones too wide to be detected (garden/faces/local/attributes.py). */
const WIDE_OPEN = 0.34;

/** @param {import("@vladmandic/human").FaceResult} face @returns {Seen} */
export function describe(face) {
  return {
    scores: scoresOf(face.emotion ?? []),
    age: face.age ?? 0,
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

/** @param {import("@vladmandic/human").Point[]} mesh @param {{height: number[], width: number[]}} opening */
function aperture(mesh, { height, width }) {
  return distance(mesh, height) / Math.max(distance(mesh, width), 1);
}

/** @param {import("@vladmandic/human").Point[]} mesh @param {number[]} pair */
function distance(mesh, [one, other]) {
  return Math.hypot(mesh[one][0] - mesh[other][0], mesh[one][1] - mesh[other][1]);
}

const AS_LARGE = 0.5;

/**
 * The face to read; undefined where there is none, or where others stand beside it and that is to be refused.
 * @param {import("@vladmandic/human").FaceResult[]} faces the largest first
 * @param {"largest" | "centre" | "refuse"} several
 */
export function chooseFace(faces, several) {
  const near = faces.filter((face) => side(face) >= AS_LARGE * side(faces[0]));
  if (several === "refuse") return near.length === 1 ? near[0] : undefined;
  if (several === "centre") return near.sort((a, b) => fromMiddle(a) - fromMiddle(b))[0];
  return near[0];
}

/** @param {import("@vladmandic/human").FaceResult} face */
function side({ boxRaw: [, , , height] }) {
  return height;
}

/** @param {import("@vladmandic/human").FaceResult} face */
function fromMiddle({ boxRaw: [left, top, width, height] }) {
  return Math.hypot(left + width / 2 - 0.5, top + height / 2 - 0.5);
}
