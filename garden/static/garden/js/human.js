/**
 * Human, the library that finds and reads faces in the page itself. WebAssembly comes first: its numbers are the same on
 * every kiosk, and no shader has to be compiled before the first visitor; WebGL where it cannot run. What the library
 * loads and computes is shared within a page, so that it does one thing at a time.
 */

import { config } from "./config.js";

/** @import { FaceConfig, FaceResult, Human } from "@vladmandic/human" */

/** @type {("wasm" | "humangl")[]} */
const BACKENDS = ["wasm", "humangl"];
const OFF = { enabled: false };

/** @type {Promise<unknown>} */
let busy = Promise.resolve();
/** What could not be loaded whole: the library keeps the shells of such models for every instance. @type {Set<Partial<FaceConfig>>} */
const unfinished = new Set();

/**
 * Throws where no backend can run, or a model cannot be fetched.
 * @param {Partial<FaceConfig>} face what is to be seen of it; all else is off
 * @returns {Promise<Human>}
 */
export function startHuman(face) {
  return inTurn(() => start(face, BACKENDS));
}

/**
 * The faces in a picture, the largest first. Pixels go in as a tensor: the library keeps copies of canvases, of tensors
 * it does not.
 * @param {Human} human
 * @param {ImageData} pixels
 * @returns {Promise<FaceResult[]>}
 */
export function findFaces(human, pixels) {
  return inTurn(async () => {
    const tensor = human.tf.browser.fromPixels(pixels);
    try {
      const { face: faces, error } = await human.detect(tensor);
      if (error) throw new Error(String(error));
      return [...faces].sort((a, b) => b.boxRaw[3] - a.boxRaw[3]);
    } finally {
      human.tf.dispose(tensor);
    }
  });
}

/**
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
function inTurn(work) {
  const turn = busy.then(work);
  busy = turn.catch(() => {});
  return turn;
}

/** @param {Partial<FaceConfig>} face @param {typeof BACKENDS} backends @returns {Promise<Human>} */
async function start(face, [backend, ...others]) {
  const human = await make(face, backend);
  if (unfinished.has(face)) human.env.initial = true; // So that it loads again.
  unfinished.add(face);
  await human.load();
  const isRunning = human.tf.getBackend() === backend;
  if (!isRunning && others.length > 0) return start(face, others);
  if (!isRunning) throw new TypeError("neither WebAssembly nor WebGL can run");
  if (!isWhole(human)) throw new TypeError("a model cannot be loaded");
  unfinished.delete(face);
  return human;
}

/** @param {Partial<FaceConfig>} face @param {typeof BACKENDS[number]} backend */
async function make(face, backend) {
  const { default: Human } = await import(config.framing.module);
  return new Human({
    backend,
    wasmPath: new URL(config.framing.wasm, location.href).href,
    modelBasePath: new URL(config.framing.models, location.href).href,
    debug: false,
    warmup: "none",
    cacheSensitivity: 0,
    cacheModels: false, // The browser keeps the file; nothing of this page is kept in a database.
    filter: OFF,
    ...{ body: OFF, hand: OFF, object: OFF, gesture: OFF, segmentation: OFF },
    face: {
      enabled: true,
      ...{ mesh: OFF, attention: OFF, iris: OFF, description: OFF, emotion: OFF, antispoof: OFF, liveness: OFF },
      ...face,
    },
  });
}

/** A model that could not be fetched is only a shell, and the library goes on without it. @param {Human} human */
function isWhole(human) {
  /** @type {Record<string, {executor?: unknown} | null>} */
  const models = /** @type {Record<string, any>} */ (human.models.models);
  return Object.values(models).every((model) => !model || model.executor);
}

/** How far a face is from the middle, in parts of the picture's sides. @param {FaceResult} face */
export function offCentre({ boxRaw: [left, top, width, height] }) {
  return Math.hypot(left + width / 2 - 0.5, top + height / 2 - 0.5);
}
