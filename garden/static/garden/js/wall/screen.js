/**
 * What is seen: the picture, a new one fading in over the one before; its mood's flower for a moment; the code of its
 * souvenir where the zone shows codes.
 */

import { find, findAll, pause, timeOut } from "../../lib/page.js";

const FADE_MS = 1200;
const COVERED_MS = FADE_MS + 300;
const DECODE_MS = 20000;
const STAGE_MS = 700;
const STAGES_MS = 5000;
/** A whole turn takes 2π times as long; a step moves less than half a pixel. An animation would wake the screen 60 times a second. */
const SWAY_MS = 30000;
const STEP_MS = 1500;

const stage = find(".stage");

/**
 * Throws, and leaves what hangs, if the picture cannot be drawn.
 * @param {Blob} picture
 * @param {string[]} [stages] addresses of how it grew, shown before it
 * @param {string[]} [layers] addresses of what is far and what is near; shown over it, they move slowly
 */
export async function showPicture(picture, stages = [], layers = []) {
  const image = await decoded(URL.createObjectURL(picture), DECODE_MS);
  for (const stage of await imagesAt(stages)) {
    hang(stage);
    await pause(STAGE_MS);
  }
  hang(image);
  void moveLayers(image, layers);
}

/** @param {HTMLImageElement} image @param {string[]} layers */
async function moveLayers(image, layers) {
  const [far, near] = await imagesAt(layers);
  if (!far || !near || stage.lastElementChild !== image || isGround()) return;
  hang(far, "is-far");
  hang(near, "is-near");
  const from = performance.now();
  const timer = setInterval(() => {
    if (!near.isConnected) clearInterval(timer);
    stage.style.setProperty("--sway", Math.sin((performance.now() - from) / SWAY_MS).toFixed(3));
  }, STEP_MS);
}

/** Without a network there are none. @param {string[]} addresses */
function imagesAt(addresses) {
  return Promise.all(addresses.map((address) => decoded(address, STAGES_MS))).catch(() => []);
}

/** @param {HTMLImageElement} image @param {string} layer */
function hang(image, layer = "") {
  const beneath = pictures();
  image.className = `picture ${layer}`;
  stage.append(image);
  image.getBoundingClientRect(); // A fade needs a beginning that was laid out.
  image.classList.add("is-shown");
  if (!layer) setTimeout(() => takeAway(beneath), COVERED_MS);
}

/** Fade to the ground. Resolves when nothing is seen any more. */
export async function showGround() {
  const hanging = pictures();
  for (const image of hanging) image.classList.remove("is-shown");
  await pause(COVERED_MS);
  takeAway(hanging);
}

export function isGround() {
  return !stage.querySelector(".is-shown");
}

/** @param {string} address @param {number} ms at most */
async function decoded(address, ms) {
  const image = new Image();
  image.alt = "";
  image.draggable = false;
  image.src = address;
  try {
    await Promise.race([image.decode(), timeOut(ms)]);
    return image;
  } catch (error) {
    URL.revokeObjectURL(address);
    throw error;
  }
}

/** The uppermost last. */
function pictures() {
  return /** @type {HTMLImageElement[]} */ ([...stage.children]);
}

/** @param {HTMLImageElement[]} images */
function takeAway(images) {
  for (const image of images) {
    image.remove();
    URL.revokeObjectURL(image.src);
  }
}

const GLYPH_MS = 5000;

const plate = /** @type {HTMLImageElement} */ (find(".code"));
let timer = 0;
let souvenirShown = "";

/** @param {string} emotion */
export function showMood(emotion) {
  const mood = find(".mood");
  for (const glyph of findAll(".glyph", mood)) glyph.classList.toggle("is-shown", glyph.dataset.mood === emotion);
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
  // The souvenir's public address may be another one than ours; the drawing is always here too.
  plate.src = `${new URL(souvenir, location.href).pathname}/code.svg`;
  await plate.decode().catch(() => {});
  plate.classList.toggle("is-shown", souvenir === souvenirShown && plate.naturalWidth > 0);
}

export function keepScreenOn() {
  void lockScreen();
  document.addEventListener("visibilitychange", lockScreen);
  addEventListener("pointerup", enterFullscreen);
  addEventListener("keydown", ({ key, ctrlKey, metaKey, altKey }) => {
    if (key.toLowerCase() === "f" && !ctrlKey && !metaKey && !altKey) toggleFullscreen();
  });
  addEventListener("contextmenu", (event) => event.preventDefault());
}

async function lockScreen() {
  if (document.visibilityState !== "visible" || !navigator.wakeLock) return;
  try {
    const held = await navigator.wakeLock.request("screen");
    held.addEventListener("release", lockScreen, { once: true });
  } catch {
    // A low battery, or a policy: the next change of visibility asks again.
  }
}

function toggleFullscreen() {
  if (document.fullscreenElement) void document.exitFullscreen();
  else enterFullscreen();
}

function enterFullscreen() {
  if (!document.fullscreenElement) void document.documentElement.requestFullscreen?.().catch(() => {});
}
