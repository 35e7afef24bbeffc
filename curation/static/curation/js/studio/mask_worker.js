/** Arithmetic on large masks, beside the page, which stays quick meanwhile. One byte a pixel: 255 is painted. */

globalThis.addEventListener?.("message", ({ data, ports }) => {
  const { work, mask, width, height, pixels, x, y } = data;
  const done = work === "flood" ? flood(mask, width, height, x, y) : grow(mask, width, height, pixels);
  ports[0].postMessage(done, [done.buffer]);
});

/**
 * The mask grown (or shrunk, when negative) by a number of pixels, exact in Euclidean distance. In two passes, as in
 * Meijster, Roerdink & Hesselink, “A General Algorithm for Computing Distance Transforms in Linear Time” (2000).
 * @param {Uint8ClampedArray} mask @param {number} width @param {number} height @param {number} pixels
 */
export function grow(mask, width, height, pixels) {
  const grows = pixels > 0;
  const reach = Math.abs(pixels);
  const away = distancesAlongColumns(mask, width, height, grows, reach);
  const halves = Array.from({ length: reach + 1 }, (_, rows) => Math.floor(Math.sqrt(reach * reach - rows * rows)));
  const grown = new Uint8ClampedArray(mask.length);
  for (let row = 0; row < height; row++) {
    const start = row * width;
    const covered = coveredInRow(away.subarray(start, start + width), halves);
    for (let column = 0; column < width; column++) grown[start + column] = covered[column] > 0 === grows ? 255 : 0;
  }
  return grown;
}

/**
 * What is not painted and can be reached from a point without crossing paint.
 * @param {Uint8ClampedArray} mask @param {number} width @param {number} height @param {number} x @param {number} y
 */
export function flood(mask, width, height, x, y) {
  const filled = Uint8ClampedArray.from(mask);
  const free = (/** @type {number} */ place) => filled[place] < 128;
  const rows = [[Math.floor(x), Math.floor(y)]];
  while (rows.length) {
    const [column, row] = /** @type {[number, number]} */ (rows.pop());
    if (row < 0 || row >= height || column < 0 || column >= width || !free(row * width + column)) continue;
    let left = column;
    let right = column;
    while (left > 0 && free(row * width + left - 1)) left--;
    while (right < width - 1 && free(row * width + right + 1)) right++;
    filled.fill(255, row * width + left, row * width + right + 1);
    for (const next of [row - 1, row + 1]) {
      if (next < 0 || next >= height) continue;
      for (let at = left; at <= right; at++) {
        if (free(next * width + at) && (at === left || !free(next * width + at - 1))) rows.push([at, next]);
      }
    }
  }
  return filled;
}

/**
 * Distance in rows to the nearest set pixel in each column; at most reach + 1.
 * @param {Uint8ClampedArray} mask
 * @param {number} width
 * @param {number} height
 * @param {boolean} painted whether painted pixels count, or those that are not
 * @param {number} reach
 */
function distancesAlongColumns(mask, width, height, painted, reach) {
  const away = new Uint16Array(mask.length);
  for (let at = 0; at < mask.length; at++) {
    const above = at < width ? reach : away[at - width];
    away[at] = mask[at] >= 128 === painted ? 0 : Math.min(above, reach) + 1;
  }
  for (let at = width * (height - 1) - 1; at >= 0; at--) away[at] = Math.min(away[at], away[at + width] + 1);
  return away;
}

/**
 * Of each column of a row, how many pixels that count reach it.
 * @param {Uint16Array} away
 * @param {number[]} halves how far to each side a pixel reaches, by the rows it is away
 */
function coveredInRow(away, halves) {
  const { length } = away;
  const changes = new Int32Array(length + 1);
  for (let column = 0; column < length; column++) {
    const half = halves[away[column]];
    if (half === undefined) continue;
    changes[Math.max(0, column - half)]++;
    changes[Math.min(length, column + half + 1)]--;
  }
  for (let column = 1; column < length; column++) changes[column] += changes[column - 1];
  return changes;
}
