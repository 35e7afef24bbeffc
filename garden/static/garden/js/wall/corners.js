/** Beside the picture: its mood's flower for a moment, and the code of its souvenir where the zone shows codes. */

import { request } from "../../lib/http.js";

const GLYPH_MS = 5000;
const TIMEOUT_MS = 10000;

const plate = /** @type {HTMLImageElement} */ (document.querySelector(".code"));
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
let souvenirShown = "";

/** @param {string} emotion */
export function showMood(emotion) {
  for (const glyph of document.querySelectorAll(".mood .glyph")) {
    glyph.classList.toggle("is-shown", /** @type {SVGElement} */ (glyph).dataset.mood === emotion);
  }
  const mood = /** @type {HTMLElement} */ (document.querySelector(".mood"));
  mood.classList.add("is-shown");
  clearTimeout(timer);
  timer = setTimeout(() => mood.classList.remove("is-shown"), GLYPH_MS);
}

/**
 * A code that cannot be had is not missed: the picture is what the wall is for.
 * @param {string} souvenir address of its page; empty for none
 */
export async function showCode(souvenir) {
  if (souvenir === souvenirShown) return;
  souvenirShown = souvenir;
  plate.classList.remove("is-shown");
  if (!souvenir) return;
  const drawing = await drawingOf(souvenir).catch(() => undefined);
  if (!drawing || souvenir !== souvenirShown) return;
  URL.revokeObjectURL(plate.src);
  plate.src = URL.createObjectURL(drawing);
  await plate.decode().then(
    () => plate.classList.add("is-shown"),
    () => {},
  );
}

/** @param {string} souvenir its public address may be another one than ours; the drawing is always here too */
async function drawingOf(souvenir) {
  const path = `${new URL(souvenir, location.href).pathname}/code.svg`;
  return (await request(path, { headers: { Accept: "image/svg+xml" }, timeoutMs: TIMEOUT_MS })).blob();
}
