/** The camera, and what is drawn from it or from a photo: a JPEG to send, or pixels to look at. No canvas is kept. */

import { failure } from "./api.js";

const LONGEST_SIDE = 1280;
const QUALITY = 0.9;
const HEIC = /\.hei[cf]$/i;

/** @typedef {{width: number, height: number}} Size px */
/** @typedef {Size & {left: number, top: number}} Part px */

/** @type {MediaStream | undefined} */
let stream;

/**
 * Show the camera in the video element. Throws the browser's DOMException when there is none.
 * @param {HTMLVideoElement} video
 */
export async function openCamera(video) {
  if (!navigator.mediaDevices) throw new DOMException("insecure page", "NotFoundError");
  const wanted = { facingMode: "user", width: { ideal: 1280 }, height: { ideal: 960 } };
  const opened = await navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
  closeCamera(video);
  stream = opened;
  video.srcObject = opened;
  await video.play();
}

/** @param {HTMLVideoElement} video */
export function closeCamera(video) {
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = undefined;
  video.srcObject = null;
}

/** What the visitor sees in the ring, and no more: the middle square. @param {HTMLVideoElement} video @returns {Part} */
export function middleOf({ videoWidth, videoHeight }) {
  const side = Math.min(videoWidth, videoHeight);
  return { left: (videoWidth - side) / 2, top: (videoHeight - side) / 2, width: side, height: side };
}

/** @param {HTMLVideoElement} video @returns {Promise<Blob>} a JPEG */
export function takeFrame(video) {
  const middle = middleOf(video);
  if (middle.width === 0) throw failure("photo");
  return drawJpeg(video, middle);
}

/**
 * A photo file as a JPEG of bounded size, upright, without its metadata; a HEIC file that this browser cannot decode
 * (only Safari can) as it is.
 * @param {File} file
 * @returns {Promise<Blob>}
 */
export async function shrinkPhoto(file) {
  const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" }).catch(() => undefined);
  if (!bitmap && HEIC.test(file.name)) return file;
  if (!bitmap) throw failure("photo");
  const { width, height } = bitmap;
  return drawJpeg(bitmap, { left: 0, top: 0, width, height }).finally(() => bitmap.close());
}

/** @param {CanvasImageSource} source @param {Part} part @returns {Promise<Blob>} */
async function drawJpeg(source, part) {
  const scale = Math.min(1, LONGEST_SIDE / Math.max(part.width, part.height));
  const [width, height] = [part.width, part.height].map((side) => Math.max(1, Math.round(side * scale)));
  const { canvas } = draw(source, part, { width, height });
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  wipe(canvas);
  if (!blob) throw failure("photo");
  return blob;
}

/** @param {CanvasImageSource} source @param {Part} part @param {Size} size in which it is drawn */
export function drawPixels(source, part, size) {
  const context = draw(source, part, size);
  const pixels = context.getImageData(0, 0, size.width, size.height);
  wipe(context.canvas);
  return pixels;
}

/** @param {CanvasImageSource} source @param {Part} part @param {Size} size */
function draw(source, part, size) {
  const canvas = Object.assign(document.createElement("canvas"), size);
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));
  context.drawImage(source, part.left, part.top, part.width, part.height, 0, 0, size.width, size.height);
  return context;
}

/** A canvas of no size holds no pixels. @param {HTMLCanvasElement} canvas */
function wipe(canvas) {
  canvas.width = canvas.height = 0;
}
