/** What a batch costs before it is run, for those whose credits have an end. */

import { find, word } from "../studio/given.js";

/**
 * @param {number} pictures that would be asked for
 * @param {{price: number, left: number | null} | null} credits of one picture, and what is there
 */
export function showCost(pictures, credits) {
  const line = find("[data-cost]");
  const left = credits?.left ?? null;
  line.hidden = left === null || pictures === 0;
  if (left === null || !credits) return;
  const cost = pictures * credits.price;
  line.dataset.kind = cost > left ? "trouble" : "plain";
  const told = word("cost", { cost, left });
  if (line.textContent !== told) line.textContent = told;
}
