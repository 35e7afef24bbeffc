// The peer: @vladmandic/human in Node with its WASM backend, on photos given decoded.
// Usage: node human_in_node.mjs [--cold] < PHOTOS
// PHOTOS: a line of JSON, [{width, height}, …], then the photos' RGB bytes one after the other.
// Prints JSON: {version, backend, milliseconds: [per photo], faces: [per photo], emotions: [per photo]}.

import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const modules = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../node_modules');
const human = path.join(modules, '@vladmandic/human');

// TensorFlow.js fetches models; in Node a file URL has to be read instead.
const fetchOverNetwork = globalThis.fetch;
globalThis.fetch = async (url, options) => (String(url).startsWith('file://')
  ? new Response(await readFile(fileURLToPath(String(url))))
  : fetchOverNetwork(url, options));

const { Human } = require(path.join(human, 'dist/human.node-wasm.js'));

const config = {
  backend: 'wasm',
  wasmPath: `${path.join(modules, '@tensorflow/tfjs-backend-wasm/dist')}/`,
  modelBasePath: `file://${path.join(human, 'models')}/`,
  cacheSensitivity: 0,
  skipAllowed: false,
  debug: false,
  filter: { enabled: false },
  gesture: { enabled: false },
  body: { enabled: false },
  hand: { enabled: false },
  object: { enabled: false },
  segmentation: { enabled: false },
  face: {
    enabled: true,
    detector: { rotation: true },
    mesh: { enabled: true },
    iris: { enabled: false },
    description: { enabled: true },
    emotion: { enabled: true },
    antispoof: { enabled: false },
    liveness: { enabled: false },
  },
};

function photosOf(data) {
  const end = data.indexOf(10);
  let offset = end + 1;
  return JSON.parse(data.subarray(0, end)).map(({ width, height }) => {
    const pixels = data.subarray(offset, offset + width * height * 3);
    offset += pixels.length;
    return { width, height, pixels };
  });
}

const photos = photosOf(readFileSync(0));
const peer = new Human(config);
await peer.init();
await peer.load();

const read = async ({ width, height, pixels }) => {
  const tensor = peer.tf.tensor3d(new Uint8Array(pixels), [height, width, 3], 'int32');
  const result = await peer.detect(tensor);
  peer.tf.dispose(tensor);
  return result;
};

// Every photo once before it counts, unless only the answers matter.
if (!process.argv.includes('--cold')) for (const photo of photos) await read(photo);

const answer = { version: peer.version, backend: peer.tf.getBackend(), milliseconds: [], faces: [], emotions: [] };
for (const photo of photos) {
  const start = performance.now();
  const result = await read(photo);
  answer.milliseconds.push(performance.now() - start);
  answer.faces.push(result.face.length);
  answer.emotions.push(result.face[0]?.emotion?.[0]?.emotion ?? null);
}
console.log(JSON.stringify(answer));
