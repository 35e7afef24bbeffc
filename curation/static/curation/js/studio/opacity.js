/** How much of the paste is seen: at once under the slider, kept as a version when it is let go. */

import { find, word } from "./given.js";
import { keepLead } from "./leading.js";
import { say, trying } from "./said.js";
import { pathOf, send } from "./server.js";

/**
 * @param {import("./bench.js").Bench} bench
 * @param {import("./versions.js").Versions} versions
 */
export function startOpacity(bench, versions) {
  const slider = /** @type {HTMLInputElement} */ (find("[data-opacity]"));
  const told = find("[data-opacity-told]");
  const show = () => {
    slider.disabled = !bench.result;
    slider.value = String(Math.round((bench.result?.alpha ?? 1) * 100));
    told.textContent = bench.result ? `${slider.value} %` : "";
  };
  bench.addEventListener("result", show);
  slider.addEventListener("input", () => {
    if (!bench.result) return;
    bench.result.alpha = slider.valueAsNumber / 100;
    told.textContent = `${slider.value} %`;
    bench.stage.redrawArea(bench.result.area);
  });
  // One after the other: the second finds what the first has kept.
  let kept = Promise.resolve();
  slider.addEventListener("change", () => {
    const opacity = slider.valueAsNumber / 100;
    kept = kept.then(() => trying(() => keep(bench, versions, opacity)));
  });
  show();
}

/**
 * @param {import("./bench.js").Bench} bench
 * @param {import("./versions.js").Versions} versions
 * @param {number} opacity
 */
async function keep(bench, versions, opacity) {
  const before = versions.head;
  if (!before || before.opacity === opacity) return;
  const made = await send(pathOf("opacity", { version: before.id }), { opacity, id: crypto.randomUUID() });
  versions.put(made);
  versions.lead(made.id);
  say(word("opacity_kept", { number: made.number, percent: Math.round(opacity * 100) }));
  keepLead(bench, versions, word("step_opacity"), before.id, made.id);
}
