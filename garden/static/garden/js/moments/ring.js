/** The ring around the live picture: a soft one for how well the face is framed, a bright one for the count. */

const mirror = /** @type {HTMLElement} */ (document.querySelector(".mirror"));
const quality = /** @type {SVGElement} */ (mirror.querySelector(".ring-quality"));
const hold = /** @type {SVGElement} */ (mirror.querySelector(".ring-fill"));
const count = /** @type {HTMLElement} */ (mirror.querySelector(".mirror-count"));

/** @param {number} part 0 … 1 */
export function showQuality(part) {
  quality.style.strokeDashoffset = String(1 - part);
  quality.style.opacity = part > 0 ? "0.8" : "0";
  mirror.classList.toggle("is-good", part >= 1);
}

/** @param {number} part 0 … 1 */
export function showHold(part) {
  hold.style.strokeDashoffset = String(1 - Math.min(1, part));
  hold.style.opacity = part > 0 ? "1" : "0";
}

/** @param {number} seconds 0 shows nothing */
export function showCount(seconds) {
  count.textContent = seconds > 0 ? String(seconds) : "";
}
