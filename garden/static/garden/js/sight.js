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

/**
 * @param {Face | undefined} face
 * @param {number} light mean brightness of the face, 0 … 255
 * @returns {Sight}
 */
export function judge(face, light) {
  if (!face) return { quality: 0, hint: "hint_nobody" };
  const faults = faultsOf(face, light);
  const worst = faults.reduce((a, b) => (b.amount > a.amount ? b : a));
  if (worst.amount <= 0) return { quality: 1, hint: "hint_hold" };
  const total = faults.reduce((sum, fault) => sum + Math.max(0, fault.amount), 0);
  return { quality: 0.85 / (1 + total), hint: worst.hint };
}

/**
 * How far each thing is beyond what is fine; 0 or less is fine.
 * @param {Face} face
 * @param {number} light
 */
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
