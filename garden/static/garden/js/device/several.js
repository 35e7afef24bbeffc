/**
 * Which of several faces is read, by the same rule as on the server (garden/faces/base.py): a face stands beside
 * another from half its size on; a smaller one is somebody who walks by.
 */

const AS_LARGE = 0.5;

/**
 * The face to read; undefined where there is none, or where others stand beside it and that is to be refused.
 * @param {any[]} faces Human's, the largest first
 * @param {"largest" | "centre" | "refuse"} several
 * @returns {any}
 */
export function chooseFace(faces, several) {
  const near = faces.filter((face) => side(face) >= AS_LARGE * side(faces[0]));
  if (several === "refuse") return near.length === 1 ? near[0] : undefined;
  if (several === "centre") return near.sort((a, b) => fromMiddle(a) - fromMiddle(b))[0];
  return near[0];
}

/** @param {any} face */
function side({ boxRaw: [, , , height] }) {
  return height;
}

/** @param {any} face */
function fromMiddle({ boxRaw: [left, top, width, height] }) {
  return Math.hypot(left + width / 2 - 0.5, top + height / 2 - 0.5);
}
