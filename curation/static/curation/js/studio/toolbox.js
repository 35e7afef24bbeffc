/** The buttons and sliders beside the stage: tools, their size, layers, zoom, undo. */

import { SIZES } from "./bench.js";
import { find, findAll, word } from "./given.js";

/**
 * @typedef {import("./bench.js").Bench} Bench
 * @typedef {import("./bench.js").Tool} Tool
 */

const GROW_DEFAULT = 8;

/** @param {Bench} bench */
export function startToolbox(bench) {
  startTools(bench);
  startLayers(bench);
  startZoom(bench);
  startSteps(bench);
  for (const button of findAll("[data-mask]")) {
    button.addEventListener("click", () => void changeMask(bench, button.dataset.mask ?? ""));
  }
}

/**
 * @param {Bench} bench
 * @param {string} command `clear`, `all`, `invert`, `expand` or `shrink`
 */
export async function changeMask(bench, command) {
  const crop = bench.crop.area;
  const by = Number(find("[data-grow]").getAttribute("value") ?? GROW_DEFAULT);
  const pixels = /** @type {HTMLInputElement} */ (find("[data-grow]")).valueAsNumber || by;
  /** @type {Record<string, () => any>} */
  const commands = {
    clear: () => bench.mask.clear(crop),
    all: () => bench.mask.fillAll(crop),
    invert: () => bench.mask.invert(crop),
    expand: () => bench.mask.grow(crop, pixels),
    shrink: () => bench.mask.grow(crop, -pixels),
  };
  bench.keep(word(`step_${command}`), await commands[command]());
}

/** @param {Bench} bench */
function startTools(bench) {
  const size = /** @type {HTMLInputElement} */ (find("[data-size]"));
  const told = find("[data-size-told]");
  Object.assign(size, { min: SIZES.least, max: SIZES.most });
  size.addEventListener("input", () => bench.resizeTip(size.valueAsNumber));
  for (const button of findAll("[data-tool]")) {
    button.addEventListener("click", () => bench.take(/** @type {Tool} */ (button.dataset.tool)));
  }
  const show = () => {
    for (const button of findAll("[data-tool]")) {
      button.setAttribute("aria-pressed", String(button.dataset.tool === bench.tool));
    }
    size.disabled = !bench.tip;
    if (bench.tip) size.value = String(bench.tip.size);
    told.textContent = bench.tip ? word("pixels", { count: bench.tip.size }) : "";
    find("[data-stage]").dataset.using = bench.tool;
  };
  bench.addEventListener("tool", show);
  show();
}

/** @param {Bench} bench */
function startLayers(bench) {
  for (const box of /** @type {HTMLInputElement[]} */ (findAll("[data-layer]"))) {
    const layer = /** @type {"picture" | "mask" | "outline" | "result"} */ (box.dataset.layer);
    box.addEventListener("change", () => bench.show(layer, box.checked));
    bench.addEventListener("layers", () => {
      box.checked = bench.shows[layer];
    });
  }
}

/** @param {Bench} bench */
function startZoom({ view }) {
  const slider = /** @type {HTMLInputElement} */ (find("[data-zoom]"));
  const told = find("[data-zoom-told]");
  slider.addEventListener("input", () => view.zoom(slider.valueAsNumber / 100));
  find("[data-fit]").addEventListener("click", () => view.fit());
  view.addEventListener("change", () => {
    const percent = Math.round(view.scale * 100);
    slider.value = String(percent);
    told.textContent = `${percent} %`;
  });
}

/** @param {Bench} bench */
function startSteps({ steps }) {
  const undo = /** @type {HTMLButtonElement} */ (find("[data-undo]"));
  const redo = /** @type {HTMLButtonElement} */ (find("[data-redo]"));
  undo.addEventListener("click", () => steps.undo());
  redo.addEventListener("click", () => steps.redo());
  const show = () => {
    undo.disabled = !steps.next.undo;
    redo.disabled = !steps.next.redo;
    undo.title = steps.next.undo;
    redo.title = steps.next.redo;
  };
  steps.addEventListener("change", show);
  show();
}
