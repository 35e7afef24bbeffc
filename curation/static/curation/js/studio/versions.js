/** All versions of the picture, and which of them is on the editor. */

import { fetchJson, post, request } from "../../../garden/lib/http.js";
import { pause } from "../../../garden/lib/page.js";
import { config, pathOf, trying } from "./config.js";
import { brushWithin } from "./layer.js";
import { steps } from "./steps.js";

/**
 * @typedef {import("schemas").Schema} Schema
 * @typedef {Required<Schema["RetouchVersion"]> & {settings: Record<string, any>}} Version `parent` null is the opened picture
 * @typedef {Omit<Required<Schema["Canvas"]>, "versions"> & {versions: Version[]}} Canvas
 */

const GLANCE_MS = 700;

class Versions extends EventTarget {
  /** @param {Canvas} canvas */
  constructor(canvas) {
    super();
    this.canvas = canvas;
    for (const version of canvas.versions) if (isOpen(version)) void this.wait(version);
  }

  get all() {
    return this.canvas.versions;
  }

  get head() {
    return this.find(this.canvas.head);
  }

  /** @param {string | null | undefined} id */
  find(id) {
    return this.all.find((version) => version.id === id) ?? null;
  }

  /** Where a version's picture is; that of the opened one for null. @param {string | null} id */
  pictureOf(id) {
    return this.find(id)?.picture ?? this.canvas.picture;
  }

  /** @param {Version} version */
  put(version) {
    const place = this.all.findIndex((other) => other.id === version.id);
    const before = this.all[place]?.state;
    if (place < 0) this.all.push(version);
    else this.all[place] = version;
    this.dispatchEvent(new Event("versions"));
    if (version.state !== before) this.dispatchEvent(new Event("state"));
  }

  /** Puts a version on the editor, here and for everybody. @param {string | null} id */
  async restore(id) {
    const canvas = await post(pathOf("head", { canvas: this.canvas.id }), { version: id });
    this.lead(canvas.head);
  }

  /** Until it is made, or never will be. @param {Version} version @returns {Promise<Version>} */
  async wait(version) {
    return untilMade(version, pathOf("version", { version: version.id }), (seen) => this.put(seen));
  }

  /** The version now on the editor, without a word to the garden, which knows. @param {string | null} id */
  lead(id) {
    this.canvas.head = id;
    this.dispatchEvent(new Event("head"));
  }
}

/**
 * Asks again until it is made, or never will be.
 * @template {{state: string}} Made
 * @param {Made} made
 * @param {string} path
 * @param {(made: Made) => void} [see]
 * @returns {Promise<Made>}
 */
export async function untilMade(made, path, see) {
  let seen = made;
  while (isOpen(seen)) {
    await pause(GLANCE_MS);
    seen = (await fetchJson(path).catch(() => null)) ?? seen;
    see?.(seen);
  }
  return seen;
}

/** @param {{state: string}} made */
export function isOpen({ state }) {
  return state === "queued" || state === "paused" || state === "leased";
}

/** What was painted, as an image that is clear where nothing was. @param {Version} version */
export async function patchOf({ layers }) {
  const [patch, alpha] = await Promise.all([bitmapOf(layers.patch), bitmapOf(layers.alpha)]);
  const brush = brushWithin(alpha);
  brush.drawImage(patch, 0, 0);
  return brush.canvas;
}

/** @param {string} path @param {Record<string, string | number>} [params] */
export async function bitmapOf(path, params) {
  return createImageBitmap(await (await request(path, { params })).blob());
}

/**
 * A step from one version on the editor to another; null is the picture as it was opened.
 * @param {string} name
 * @param {string | null} before
 * @param {string | null} after
 */
export function keepLead(name, before, after) {
  const lead = (/** @type {string | null} */ id) => () => void trying(() => versions.restore(id));
  steps.add({ name, undo: lead(before), redo: lead(after) });
}

export const versions = new Versions(config.canvas);
