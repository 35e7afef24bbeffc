/** The camera, and the one frame taken from it. */

import { failure } from "./api.js";

const LONGEST_SIDE = 1280;
const QUALITY = 0.9;
const HEIC = /\.hei[cf]$/i;

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

/** A JPEG of what the visitor sees in the ring, and no more: the middle square. @param {HTMLVideoElement} video */
export function takeFrame(video) {
  const side = Math.min(video.videoWidth, video.videoHeight);
  if (side === 0) throw failure("photo");
  return drawJpeg(video, side, side, (video.videoWidth - side) / 2, (video.videoHeight - side) / 2);
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
  try {
    return await drawJpeg(bitmap, bitmap.width, bitmap.height, 0, 0);
  } finally {
    bitmap.close();
  }
}

/**
 * @param {CanvasImageSource} source
 * @param {number} width
 * @param {number} height
 * @param {number} left
 * @param {number} top
 * @returns {Promise<Blob>}
 */
async function drawJpeg(source, width, height, left, top) {
  const scale = Math.min(1, LONGEST_SIDE / Math.max(width, height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  canvas.getContext("2d")?.drawImage(source, left, top, width, height, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
  // A canvas of no size holds no pixels.
  canvas.width = canvas.height = 0;
  if (!blob) throw failure("photo");
  return /** @type {Blob} */ (blob);
}
