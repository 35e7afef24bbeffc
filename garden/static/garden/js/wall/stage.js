/** The picture on the wall. A new one fades in over the one before, which is taken away when it is covered. */

import { find, pause, timeOut } from "../../lib/page.js";

const FADE_MS = 1200;
const COVERED_MS = FADE_MS + 300;
const DECODE_MS = 20000;

const stage = find(".stage");

/** Throws, and leaves what hangs, if the picture cannot be drawn. @param {Blob} picture */
export async function showPicture(picture) {
  const image = await decoded(picture);
  image.className = "picture";
  stage.append(image);
  image.getBoundingClientRect(); // A fade needs a beginning that was laid out.
  image.classList.add("is-shown");
  setTimeout(() => image.isConnected && takeAway(beneath(image)), COVERED_MS);
}

/** Fade to the ground. Resolves when nothing is seen any more. */
export async function showGround() {
  const hanging = /** @type {HTMLImageElement[]} */ ([...stage.children]);
  for (const image of hanging) image.classList.remove("is-shown");
  await pause(COVERED_MS);
  takeAway(hanging.filter((image) => !image.classList.contains("is-shown")));
}

export function isGround() {
  return !stage.querySelector(".is-shown");
}

/** @param {Blob} picture */
async function decoded(picture) {
  const image = new Image();
  image.alt = "";
  image.draggable = false;
  image.src = URL.createObjectURL(picture);
  try {
    await Promise.race([image.decode(), timeOut(DECODE_MS)]);
    return image;
  } catch (error) {
    URL.revokeObjectURL(image.src);
    throw error;
  }
}

/** @param {HTMLImageElement} image */
function beneath(image) {
  const hanging = /** @type {HTMLImageElement[]} */ ([...stage.children]);
  return hanging.slice(0, hanging.indexOf(image));
}

/** @param {HTMLImageElement[]} images */
function takeAway(images) {
  for (const image of images) {
    image.remove();
    URL.revokeObjectURL(image.src);
  }
}
