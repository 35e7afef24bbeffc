/** The studio's keys. Letters count only where nothing is typed. */

import { find } from "./given.js";
import { changeMask } from "./toolbox.js";

/** @typedef {import("./bench.js").Bench} Bench */

/** @type {Record<string, import("./bench.js").Tool>} */
const TOOLS = { h: "hand", b: "brush", e: "eraser", g: "fill", n: "pencil", r: "rubber" };
/** @type {Record<string, "mask" | "outline" | "result">} */
const LAYERS = { m: "mask", o: "outline", v: "result" };
const ZOOM_STEP = 1.25;
const SIZE_STEP = 1.2;

/**
 * @param {Bench} bench
 * @param {{run: () => void, help: () => void}} commands
 */
export function startKeys(bench, commands) {
  window.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey) return withControl(event, bench, commands.run);
    if (event.altKey || isTyping(event.target) || document.querySelector("dialog[open]")) return;
    if (event.key === " ") return hold(event, bench);
    if (plain(event.key, bench, commands.help)) event.preventDefault();
  });
  window.addEventListener("keyup", (event) => {
    if (event.key === " ") bench.holdsSpace = false;
  });
}

/**
 * @param {string} key
 * @param {Bench} bench
 * @param {() => void} help
 */
function plain(key, bench, help) {
  const letter = key.toLowerCase();
  const size = bench.tip?.size ?? 0;
  /** @type {Record<string, () => void>} */
  const others = {
    "[": () => bench.resizeTip(Math.min(size - 1, size / SIZE_STEP)),
    "]": () => bench.resizeTip(Math.max(size + 1, size * SIZE_STEP)),
    "+": () => bench.view.zoom(bench.view.scale * ZOOM_STEP),
    "=": () => bench.view.zoom(bench.view.scale * ZOOM_STEP),
    "-": () => bench.view.zoom(bench.view.scale / ZOOM_STEP),
    0: () => bench.view.fit(),
    1: () => bench.view.zoom(1),
    u: () => bench.steps.undo(),
    i: () => void changeMask(bench, "invert"),
    c: () => find("[data-handle=move]").focus(),
    s: () => find("[data-stage]").focus(),
    "?": help,
  };
  if (TOOLS[letter]) bench.take(TOOLS[letter]);
  else if (LAYERS[letter]) bench.show(LAYERS[letter], !bench.shows[LAYERS[letter]]);
  else if (others[letter]) others[letter]();
  else return false;
  return true;
}

/**
 * @param {KeyboardEvent} event
 * @param {Bench} bench
 * @param {() => void} run
 */
function withControl(event, bench, run) {
  const key = event.key.toLowerCase();
  if (key === "enter") run();
  else if (isTyping(event.target)) return;
  else if (key === "y" || (key === "z" && event.shiftKey)) bench.steps.redo();
  else if (key === "z") bench.steps.undo();
  else return;
  event.preventDefault();
}

/** Space held makes any tool the hand. @param {KeyboardEvent} event @param {Bench} bench */
function hold(event, bench) {
  if (event.target instanceof Element && event.target.matches("button, summary, a, [role=option]")) return;
  event.preventDefault();
  bench.holdsSpace = true;
}

/** @param {EventTarget | null} target */
function isTyping(target) {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.matches("textarea, select")) return true;
  return target instanceof HTMLInputElement && !["checkbox", "radio", "range", "button"].includes(target.type);
}
