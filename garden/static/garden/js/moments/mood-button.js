import { setWord } from "../words.js";

/**
 * A mood as its flower, copied from the wheel so that it is drawn in one place.
 * @param {string} emotion
 */
export function makeMoodButton(emotion) {
  const drawn = /** @type {HTMLButtonElement} */ (document.querySelector(`.wheel .mood[data-mood="${emotion}"]`));
  const copy = /** @type {HTMLButtonElement} */ (drawn.cloneNode(true));
  delete copy.dataset.place;
  setWord(copy.querySelector("span"), `mood_${emotion}`);
  return copy;
}
