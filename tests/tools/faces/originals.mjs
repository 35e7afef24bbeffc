// Runs the original networks with TensorFlow.js (WASM) on tensors given as files.
// Usage: node originals.mjs REQUEST.json
// REQUEST: {folder, networks: [{name, form, manifest, weights, input: {file, shape}, outputs: [node, …]}]}
// Writes FOLDER/NAME.INDEX.bin (float32) for each output, in the order asked for.

import { createRequire } from 'node:module';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const require = createRequire(import.meta.url);
const tf = require('@tensorflow/tfjs');
const wasm = require('@tensorflow/tfjs-backend-wasm');
const faceapi = require('@vladmandic/face-api/dist/face-api.node-wasm.js');

const bytesOf = (file) => {
  const data = readFileSync(file);
  return data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength);
};

async function graph(network, input) {
  const manifest = JSON.parse(readFileSync(network.manifest));
  const artifacts = {
    format: 'graph-model',
    modelTopology: manifest.modelTopology,
    weightSpecs: manifest.weightsManifest.flatMap((group) => group.weights),
    weightData: bytesOf(network.weights),
  };
  const model = await tf.loadGraphModel(tf.io.fromMemory(artifacts));
  const outputs = model.execute(input, network.outputs);
  return Array.isArray(outputs) ? outputs : [outputs];
}

function loaded(net, network) {
  const specs = JSON.parse(readFileSync(network.manifest)).flatMap((group) => group.weights);
  net.loadFromWeightMap(tf.io.decodeWeights(bytesOf(network.weights), specs));
  return net;
}

async function expression(network, input) {
  const net = loaded(new faceapi.FaceExpressionNet(), network);
  const picture = await faceapi.toNetInput(input);
  const features = net.faceFeatureExtractor.forwardInput(picture);
  return [features, net.runNet(picture), net.forwardInput(picture)];
}

async function ageGender(network, input) {
  const net = loaded(new faceapi.AgeGenderNet(), network);
  const { age, gender } = net.forwardInput(await faceapi.toNetInput(input));
  return [age, gender];
}

const RUNNERS = { graph, expression, age_gender: ageGender };

const request = JSON.parse(readFileSync(process.argv[2]));
wasm.setWasmPaths(`${path.dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json'))}/dist/`);
await tf.setBackend('wasm');
await tf.ready();

for (const network of request.networks) {
  const { file, shape } = network.input;
  const input = tf.tensor4d(new Float32Array(bytesOf(file)), shape);
  const outputs = await RUNNERS[network.form](network, input);
  for (const [index, output] of outputs.entries()) {
    writeFileSync(path.join(request.folder, `${network.name}.${index}.bin`), Buffer.from(output.dataSync().buffer));
  }
}
