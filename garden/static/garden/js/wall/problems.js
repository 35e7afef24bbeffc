/** What is wrong, for the heartbeat to tell. The wall itself shows pictures, never this. */

const LONGEST = 500;

/** @type {Map<string, string>} */
const problems = new Map();
/** @type {() => void} */
let tell = () => {};

/** @param {() => void} listener called whenever what is wrong has changed */
export function onProblemChange(listener) {
  tell = listener;
}

/**
 * @param {string} about what it is about; a second problem about the same replaces the first
 * @param {unknown} what
 */
export function noteProblem(about, what) {
  const text = `${about}: ${what instanceof Error ? what.message : what}`;
  if (problems.get(about) === text) return;
  problems.set(about, text);
  tell();
}

/** @param {string} about */
export function clearProblem(about) {
  if (problems.delete(about)) tell();
}

export function problemsTold() {
  return [...problems.values()].join("; ").slice(0, LONGEST);
}
