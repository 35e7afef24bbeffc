/** The studio's keys. Letters count only where nothing is typed. */

import { find } from "../../../garden/lib/page.js";
import { changeMask } from "./toolbox.js";

/** @typedef {import("./editor.js").Editor} Editor */

/** @type {Record<string, import("./editor.js").Tool>} */
const TOOLS = { h: "hand", b: "brush", e: "eraser", g: "fill", n: "pencil", r: "rubber" };
/** @type {Record<string, "mask" | "outline" | "result">} */
const LAYERS = { m: "mask", o: "outline", v: "result" };
const ZOOM_STEP = 1.25;
const SIZE_STEP = 1.2;

/** @param {Editor} editor @param {{run: () => void, help: () => void}} commands */
export function startKeys(editor, commands) {
  window.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey) return withControl(event, editor, commands.run);
    if (event.altKey || isTyping(event.target) || document.querySelector("dialog[open]")) return;
    if (event.key === " ") return hold(event, editor);
    if (plain(event.key, editor, commands.help)) event.preventDefault();
  });
  window.addEventListener("keyup", (event) => {
    if (event.key === " ") editor.holdsSpace = false;
    if (event.key.toLowerCase() === "x") editor.peek(false);
  });
  window.addEventListener("blur", () => editor.peek(false));
}

/** @param {string} key @param {Editor} editor @param {() => void} help */
function plain(key, editor, help) {
  const letter = key.toLowerCase();
  const size = editor.tip?.size ?? 0;
  /** @type {Record<string, () => void>} */
  const others = {
    "[": () => editor.resizeTip(Math.min(size - 1, size / SIZE_STEP)),
    "]": () => editor.resizeTip(Math.max(size + 1, size * SIZE_STEP)),
    "+": () => editor.view.zoom(editor.view.scale * ZOOM_STEP),
    "=": () => editor.view.zoom(editor.view.scale * ZOOM_STEP),
    "-": () => editor.view.zoom(editor.view.scale / ZOOM_STEP),
    0: () => editor.view.fit(),
    1: () => editor.view.zoom(1),
    u: () => editor.steps.undo(),
    i: () => void changeMask(editor, "invert"),
    x: () => editor.peek(true),
    c: () => find("[data-handle=move]").focus(),
    s: () => find("[data-stage]").focus(),
    "?": help,
  };
  if (TOOLS[letter]) editor.take(TOOLS[letter]);
  else if (LAYERS[letter]) editor.show(LAYERS[letter], !editor.shows[LAYERS[letter]]);
  else if (others[letter]) others[letter]();
  else return false;
  return true;
}

/** @param {KeyboardEvent} event @param {Editor} editor @param {() => void} run */
function withControl(event, editor, run) {
  const key = event.key.toLowerCase();
  if (key === "enter") run();
  else if (isTyping(event.target)) return;
  else if (key === "y" || (key === "z" && event.shiftKey)) editor.steps.redo();
  else if (key === "z") editor.steps.undo();
  else return;
  event.preventDefault();
}

/** Space held makes any tool the hand. @param {KeyboardEvent} event @param {Editor} editor */
function hold(event, editor) {
  if (event.target instanceof Element && event.target.matches("button, summary, a, [role=option]")) return;
  event.preventDefault();
  editor.holdsSpace = true;
}

/** @param {EventTarget | null} target */
function isTyping(target) {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.matches("textarea, select")) return true;
  return target instanceof HTMLInputElement && !["checkbox", "radio", "range", "button"].includes(target.type);
}
