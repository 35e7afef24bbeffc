/** Geometry of masks and crops, against plain definitions. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "./page.js";

openPage({ "studio-config": { language: "en", paths: {} }, "studio-words": {} });
const { flood, grow } = await import("../../curation/static/curation/js/studio/mask_worker.js");
const { LEAST, Crop, dragged, inRatio } = await import("../../curation/static/curation/js/studio/geometry.js");

const WIDTH = 40;
const HEIGHT = 30;
const painted = (...places) => {
  const mask = new Uint8ClampedArray(WIDTH * HEIGHT);
  for (const [x, y] of places) mask[y * WIDTH + x] = 255;
  return mask;
};

/** Whether a pixel of this kind is within reach. */
const isNear = (mask, kind, at, reach) =>
  mask.some(
    (value, other) =>
      value >= 128 === kind &&
      ((other % WIDTH) - (at % WIDTH)) ** 2 + (Math.floor(other / WIDTH) - Math.floor(at / WIDTH)) ** 2 <=
        reach * reach,
  );

test("a mask grows and shrinks by exact distances", () => {
  const mask = painted([3, 0], [20, 15], [24, 16]);
  const grown = grow(mask, WIDTH, HEIGHT, 7);
  const shrunk = grow(grown, WIDTH, HEIGHT, -3);
  for (let at = 0; at < mask.length; at++) {
    assert.equal(grown[at] > 0, isNear(mask, true, at, 7), `grown at ${at}`);
    assert.equal(shrunk[at] > 0, !isNear(grown, false, at, 3), `shrunk at ${at}`);
  }
});

test("a fill stops at paint and at the edges", () => {
  const ring = painted(
    ...Array.from({ length: 11 }, (_, n) => [
      [10 + n, 5],
      [10 + n, 15],
      [10, 5 + n],
      [20, 5 + n],
    ]).flat(),
  );
  const filled = flood(ring, WIDTH, HEIGHT, 15.4, 10.9);
  for (let at = 0; at < ring.length; at++) {
    const [x, y] = [at % WIDTH, Math.floor(at / WIDTH)];
    assert.equal(filled[at] > 0, x >= 10 && x <= 20 && y >= 5 && y <= 15, `${x}, ${y}`);
  }
  assert.deepEqual(flood(ring, WIDTH, HEIGHT, 10, 5), ring);
});

const picture = { width: 640, height: 400 };
const area = { x: 100, y: 100, width: 200, height: 150 };

test("a crop stays inside of the picture and is never too small", () => {
  const crop = new Crop(picture);
  assert.deepEqual(crop.area, { x: 0, y: 0, ...picture });
  crop.area = { x: -50, y: 390, width: 10, height: 9999 };
  assert.deepEqual(crop.area, { x: 0, y: 0, width: LEAST, height: 400 });
});

test("a handle moves its own sides alone", () => {
  assert.deepEqual(dragged(area, "nw", 20, -30, picture), { x: 120, y: 70, width: 180, height: 180 });
  assert.deepEqual(dragged(area, "e", 9999, 50, picture), { ...area, width: 540 });
  assert.deepEqual(dragged(area, "s", 0, -9999, picture), { ...area, height: LEAST });
});

test("a ratio keeps the middle and the size as far as the picture allows", () => {
  const square = inRatio(area, 1, picture);
  assert.equal(square.width, square.height);
  assert.ok(Math.abs(square.width * square.height - area.width * area.height) < 1e-6);
  assert.deepEqual([square.x + square.width / 2, square.y + square.height / 2], [200, 175]);
  const wide = inRatio({ x: 0, y: 0, ...picture }, 16 / 9, picture);
  assert.deepEqual([wide.width, wide.height], [640, 360]);
});
