/** Works on large masks beside the page, which stays quick meanwhile. */

import { flood, grow } from "./mask_arithmetic.js";

self.addEventListener("message", ({ data }) => {
  const { id, work, mask, width, height, pixels, x, y } = data;
  const done = work === "flood" ? flood(mask, width, height, x, y) : grow(mask, width, height, pixels);
  self.postMessage({ id, mask: done }, { transfer: [done.buffer] });
});
