/** Puts the version at the head on the bench: the picture before it, and what it painted over that. */

import { Copies } from "./copies.js";
import { find, word } from "./given.js";
import { trying } from "./said.js";
import { bitmapOf, patchOf } from "./versions.js";

/**
 * @typedef {import("./bench.js").Bench} Bench
 * @typedef {import("./versions.js").Versions} Versions
 */

/**
 * @param {Bench} bench
 * @param {Versions} versions
 */
export function startShowing(bench, versions) {
  const split = /** @type {HTMLInputElement} */ (find("[data-split]"));
  const line = find("[data-split-line]");
  const show = () => trying(() => showHead(bench, versions));
  split.addEventListener("input", () => {
    bench.split = split.valueAsNumber / 100;
    line.style.left = `${split.value}%`;
    line.hidden = bench.split === 0;
    bench.stage.redraw();
  });
  versions.addEventListener("head", () => void show());
  return show();
}

/**
 * @param {Bench} bench
 * @param {Versions} versions
 */
async function showHead(bench, versions) {
  const head = versions.head;
  const before = versions.pictureOf(head?.parent ?? null);
  const [picture, patch] = await Promise.all([
    bench.pictureAt === before ? null : bitmapOf(before),
    head && patchOf(head),
  ]);
  if (versions.head !== head) return;
  showIgnored(head);
  if (picture) bench.copies = new Copies(picture);
  bench.copies.prepare();
  bench.pictureAt = before;
  bench.result = head && patch ? { image: patch, area: head.crop, alpha: head.opacity } : null;
  bench.stage.redraw();
  bench.dispatchEvent(new Event("result"));
}

/** What the engine did not draw of the version's prompt. @param {import("./versions.js").Version | null} head */
function showIgnored(head) {
  const line = find("[data-ignored]");
  line.hidden = !head?.ignored_words.length;
  if (head) line.textContent = word("ignored", { engine: head.engine, words: head.ignored_words.join(", ") });
}
