/** The tools beside the stage, and their keys: what is in hand, its size, the mask's commands, layers, zoom, undo. */

import { gettext } from "../../../garden/lib/i18n.js";
import { find, findAll, isTyping } from "../../../garden/lib/page.js";
import { editor, SIZES } from "./editor.js";
import { steps } from "./steps.js";

/** @import { LayerName, Tool } from "./editor.js" */

const { view, mask, crop } = editor;
const GROW_DEFAULT = 8;
const ZOOM_STEP = 1.25;
const SIZE_STEP = 1.2;
/** What the step is called, and what is done. @type {Record<string, [string, () => ReturnType<mask["fill"] | mask["grow"]>]>} */
const COMMANDS = {
  clear: [gettext("mask cleared"), () => mask.fill(crop.area, "destination-out")],
  all: [gettext("all masked"), () => mask.fill(crop.area)],
  invert: [gettext("mask inverted"), () => mask.fill(crop.area, "xor")],
  expand: [gettext("mask expanded"), () => mask.grow(crop.area, growth())],
  shrink: [gettext("mask shrunk"), () => mask.grow(crop.area, -growth())],
};
/** Keys without a button. @type {Record<string, () => void>} */
const KEYS = {
  "[": () => editor.resizeTip(Math.min(size.valueAsNumber - 1, size.valueAsNumber / SIZE_STEP)),
  "]": () => editor.resizeTip(Math.max(size.valueAsNumber + 1, size.valueAsNumber * SIZE_STEP)),
  "+": () => view.zoom(view.scale * ZOOM_STEP),
  "=": () => view.zoom(view.scale * ZOOM_STEP),
  "-": () => view.zoom(view.scale / ZOOM_STEP),
  1: () => view.zoom(1),
  x: () => editor.peek(true),
  c: () => find("[data-handle=move]").focus(),
  s: () => find("[data-stage]").focus(),
};
const size = /** @type {HTMLInputElement} */ (find("[data-size]"));
const zoom = /** @type {HTMLInputElement} */ (find("[data-zoom]"));
const undo = /** @type {HTMLButtonElement} */ (find("[data-undo]"));
const redo = /** @type {HTMLButtonElement} */ (find("[data-redo]"));
const tools = findAll("[data-tool]");

Object.assign(size, { min: SIZES.least, max: SIZES.most });
size.addEventListener("input", () => editor.resizeTip(size.valueAsNumber));
zoom.addEventListener("input", () => view.zoom(zoom.valueAsNumber / 100));
find("[data-fit]").addEventListener("click", () => view.fit());
undo.addEventListener("click", () => steps.undo());
redo.addEventListener("click", () => steps.redo());
for (const button of tools) {
  button.addEventListener("click", () => editor.take(/** @type {Tool} */ (button.dataset.tool)));
}
for (const button of findAll("[data-mask]")) {
  button.addEventListener("click", () => void changeMask(button.dataset.mask ?? ""));
}
for (const box of /** @type {HTMLInputElement[]} */ (findAll("[data-layer]"))) {
  const layer = /** @type {LayerName} */ (box.dataset.layer);
  box.addEventListener("change", () => editor.show(layer, box.checked));
  editor.addEventListener("layers", () => {
    box.checked = editor.shows[layer];
  });
}
editor.addEventListener("tool", showTool);
view.addEventListener("change", showZoom);
steps.addEventListener("change", showSteps);
window.addEventListener("keydown", (event) => {
  if (!document.querySelector("dialog[open]") && press(event)) event.preventDefault();
});
window.addEventListener("keyup", (event) => {
  if (event.key === " ") editor.holdsSpace = false;
  if (event.key.toLowerCase() === "x") editor.peek(false);
});
window.addEventListener("blur", () => editor.peek(false));
showTool();
showSteps();

/** @param {string} command */
async function changeMask(command) {
  const [name, work] = COMMANDS[command];
  steps.keep(name, await work());
}

function growth() {
  return /** @type {HTMLInputElement} */ (find("[data-grow]")).valueAsNumber || GROW_DEFAULT;
}

function showTool() {
  for (const button of tools) button.setAttribute("aria-pressed", String(button.dataset.tool === editor.tool));
  size.disabled = !editor.tip;
  if (editor.tip) size.value = String(editor.tip.size);
  find("[data-size-value]").textContent = editor.tip ? gettext("{count} px", { count: editor.tip.size }) : "";
  find("[data-stage]").dataset.using = editor.tool;
}

function showZoom() {
  zoom.value = String(Math.round(view.scale * 100));
  find("[data-zoom-value]").textContent = `${zoom.value} %`;
}

function showSteps() {
  undo.title = steps.next.undo;
  redo.title = steps.next.redo;
  undo.disabled = !undo.title;
  redo.disabled = !redo.title;
}

/** @param {KeyboardEvent} event @returns {boolean} whether the key is one of the studio's */
function press({ key, target, altKey, ctrlKey, metaKey, shiftKey }) {
  const letter = key.toLowerCase();
  if (ctrlKey || metaKey) {
    if (letter === "enter") find("[data-run]").click();
    else if (isTyping(target) || !["y", "z"].includes(letter)) return false;
    else if (letter === "y" || shiftKey) steps.redo();
    else steps.undo();
    return true;
  }
  if (altKey || isTyping(target)) return false;
  if (key === " ") return holdSpace(target);
  const button = find(`[aria-keyshortcuts="${CSS.escape(letter)}"]`);
  if (button) button.click();
  else KEYS[letter]?.();
  return Boolean(button || KEYS[letter]);
}

/** Space held makes any tool the hand. @param {EventTarget | null} target */
function holdSpace(target) {
  if (target instanceof Element && target.matches("button, summary, a, [role=option], input")) return false;
  editor.holdsSpace = true;
  return true;
}
