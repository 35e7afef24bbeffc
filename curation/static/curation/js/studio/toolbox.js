/** The buttons and sliders beside the stage: tools, their size, layers, zoom, undo. */

import { gettext } from "../../../garden/lib/i18n.js";
import { find, findAll } from "../../../garden/lib/page.js";
import { SIZES } from "./editor.js";

/** @import { Editor, Tool } from "./editor.js" */

const GROW_DEFAULT = 8;
/** @type {Record<string, string>} */
const STEPS = {
  clear: gettext("mask cleared"),
  all: gettext("all masked"),
  invert: gettext("mask inverted"),
  expand: gettext("mask expanded"),
  shrink: gettext("mask shrunk"),
};

/** @param {Editor} editor */
export function startToolbox(editor) {
  startTools(editor);
  startLayers(editor);
  startZoom(editor);
  startSteps(editor);
  for (const button of findAll("[data-mask]")) {
    button.addEventListener("click", () => void changeMask(editor, button.dataset.mask ?? ""));
  }
}

/** @param {Editor} editor @param {string} command `clear`, `all`, `invert`, `expand` or `shrink` */
export async function changeMask(editor, command) {
  const crop = editor.crop.area;
  const by = Number(find("[data-grow]").getAttribute("value") ?? GROW_DEFAULT);
  const pixels = /** @type {HTMLInputElement} */ (find("[data-grow]")).valueAsNumber || by;
  /** @type {Record<string, () => any>} */
  const commands = {
    clear: () => editor.mask.clear(crop),
    all: () => editor.mask.fillAll(crop),
    invert: () => editor.mask.invert(crop),
    expand: () => editor.mask.grow(crop, pixels),
    shrink: () => editor.mask.grow(crop, -pixels),
  };
  editor.keep(STEPS[command], await commands[command]());
}

/** @param {Editor} editor */
function startTools(editor) {
  const size = /** @type {HTMLInputElement} */ (find("[data-size]"));
  const output = find("[data-size-value]");
  Object.assign(size, { min: SIZES.least, max: SIZES.most });
  size.addEventListener("input", () => editor.resizeTip(size.valueAsNumber));
  for (const button of findAll("[data-tool]")) {
    button.addEventListener("click", () => editor.take(/** @type {Tool} */ (button.dataset.tool)));
  }
  const show = () => {
    for (const button of findAll("[data-tool]")) {
      button.setAttribute("aria-pressed", String(button.dataset.tool === editor.tool));
    }
    size.disabled = !editor.tip;
    if (editor.tip) size.value = String(editor.tip.size);
    output.textContent = editor.tip ? gettext("{count} px", { count: editor.tip.size }) : "";
    find("[data-stage]").dataset.using = editor.tool;
  };
  editor.addEventListener("tool", show);
  show();
}

/** @param {Editor} editor */
function startLayers(editor) {
  for (const box of /** @type {HTMLInputElement[]} */ (findAll("[data-layer]"))) {
    const layer = /** @type {"picture" | "mask" | "outline" | "result"} */ (box.dataset.layer);
    box.addEventListener("change", () => editor.show(layer, box.checked));
    editor.addEventListener("layers", () => {
      box.checked = editor.shows[layer];
    });
  }
}

/** @param {Editor} editor */
function startZoom({ view }) {
  const slider = /** @type {HTMLInputElement} */ (find("[data-zoom]"));
  const output = find("[data-zoom-value]");
  slider.addEventListener("input", () => view.zoom(slider.valueAsNumber / 100));
  find("[data-fit]").addEventListener("click", () => view.fit());
  view.addEventListener("change", () => {
    const percent = Math.round(view.scale * 100);
    slider.value = String(percent);
    output.textContent = `${percent} %`;
  });
}

/** @param {Editor} editor */
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
