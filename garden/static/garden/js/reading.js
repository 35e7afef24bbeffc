/** Who reads a face: the garden, from the photo; or this device itself, where the kiosk is set so. Never both. */

import { readFace, Trouble, tellReading } from "./api.js";
import { config } from "./config.js";
import { visitSignal } from "./visit.js";

/**
 * Whatever is needed to read a face is there. Throws a Trouble where this device is to read and cannot.
 * @returns {Promise<void>}
 */
export async function prepareReading() {
  if (config.reading.reader === "in_browser") await (await device()).wakeReader();
}

/**
 * @param {Blob[]} frames photos of one moment, read as one
 * @returns {ReturnType<typeof readFace>}
 */
export async function readFrames(frames) {
  if (config.reading.reader !== "in_browser") return readFace(frames);
  const visit = visitSignal();
  const { readHere } = await device();
  const reading = await readHere(frames);
  if (visit.aborted) throw new Trouble("forgotten");
  return tellReading(reading);
}

/** Loaded where it is needed alone. */
function device() {
  return import("./device/reader.js");
}
