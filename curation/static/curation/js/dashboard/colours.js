/** Colours as the style sheet has them now; moods have the same on light and dark. */

/** @type {Record<string, string>} */
export const MOODS = {
  happy: "#f6b73c",
  surprised: "#f58fb8",
  calm: "#6cc6b2",
  angry: "#f0695a",
  fear: "#a392f0",
  confused: "#c9a7e8",
  disgusted: "#b4c75a",
  sad: "#7fa8f5",
};
const TONES = 6;

/** @param {string} name */
export function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** @param {number} number */
export function tone(number) {
  return colour(`--tone-${number % TONES}`);
}

/** @param {() => void} redraw */
export function whenThemeChanges(redraw) {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  new MutationObserver(redraw).observe(document.documentElement, { attributeFilter: ["data-theme"] });
}
