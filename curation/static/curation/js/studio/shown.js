/** The version at the head on the editor: the picture before it, what it painted over that, and how much of it is seen. */

import { post } from "../../../garden/lib/http.js";
import { gettext } from "../../../garden/lib/i18n.js";
import { find, newId } from "../../../garden/lib/page.js";
import { pathOf } from "./config.js";
import { Copies } from "./stage.js";
import { showStatus, trying } from "./status.js";
import { bitmapOf, keepLead, patchOf } from "./versions.js";

/** @import { Editor } from "./editor.js" */
/** @import { Versions } from "./versions.js" */

/** @param {Editor} editor @param {Versions} versions */
export function startShowing(editor, versions) {
  const split = /** @type {HTMLInputElement} */ (find("[data-split]"));
  const line = find("[data-split-line]");
  const show = () => trying(() => showHead(editor, versions));
  split.addEventListener("input", () => {
    editor.split = split.valueAsNumber / 100;
    line.style.left = `${split.value}%`;
    line.hidden = editor.split === 0;
    editor.stage.redraw();
  });
  startPeeking(editor);
  versions.addEventListener("head", () => void show());
  return show();
}

/** A button that is held, by a finger or a key. @param {Editor} editor */
function startPeeking(editor) {
  const button = /** @type {HTMLButtonElement} */ (find("[data-peek]"));
  const holds = (/** @type {boolean} */ on) => () => editor.peek(on);
  button.addEventListener("pointerdown", holds(true));
  for (const end of ["pointerup", "pointerleave", "pointercancel", "keyup", "blur"]) {
    button.addEventListener(end, holds(false));
  }
  button.addEventListener("keydown", ({ key }) => {
    if (key === " " || key === "Enter") editor.peek(true);
  });
  editor.addEventListener("peek", () => button.setAttribute("aria-pressed", String(editor.peeks)));
  editor.addEventListener("result", () => {
    button.disabled = !editor.result;
  });
}

/** @param {Editor} editor @param {Versions} versions */
async function showHead(editor, versions) {
  const head = versions.head;
  const before = versions.pictureOf(head?.parent ?? null);
  const [picture, patch] = await Promise.all([
    editor.pictureAt === before ? null : bitmapOf(before),
    head && patchOf(head),
  ]);
  if (versions.head !== head) return;
  showIgnored(head);
  if (picture) editor.copies = new Copies(picture);
  editor.copies.prepare();
  editor.pictureAt = before;
  editor.result = head && patch ? { image: patch, area: head.crop, alpha: head.opacity } : null;
  editor.stage.redraw();
  editor.dispatchEvent(new Event("result"));
}

/** What the engine did not draw of the version's prompt. @param {import("./versions.js").Version | null} head */
function showIgnored(head) {
  const line = find("[data-ignored]");
  line.hidden = !head?.ignored_words.length;
  if (head)
    line.textContent = gettext("Not drawn by {engine}: {words}", {
      engine: head.engine,
      words: head.ignored_words.join(", "),
    });
}

/** @param {import("./editor.js").Editor} editor @param {import("./versions.js").Versions} versions */
export function startOpacity(editor, versions) {
  const slider = /** @type {HTMLInputElement} */ (find("[data-opacity]"));
  const output = find("[data-opacity-value]");
  const show = () => {
    slider.disabled = !editor.result;
    slider.value = String(Math.round((editor.result?.alpha ?? 1) * 100));
    output.textContent = editor.result ? `${slider.value} %` : "";
  };
  editor.addEventListener("result", show);
  slider.addEventListener("input", () => {
    if (!editor.result) return;
    editor.result.alpha = slider.valueAsNumber / 100;
    output.textContent = `${slider.value} %`;
    editor.stage.redrawArea(editor.result.area);
  });
  // One after the other: the second finds what the first has kept.
  let kept = Promise.resolve();
  slider.addEventListener("change", () => {
    const opacity = slider.valueAsNumber / 100;
    kept = kept.then(() => trying(() => keep(editor, versions, opacity)));
  });
  show();
}

/**
 * @param {import("./editor.js").Editor} editor
 * @param {import("./versions.js").Versions} versions
 * @param {number} opacity
 */
async function keep(editor, versions, opacity) {
  const before = versions.head;
  if (!before || before.opacity === opacity) return;
  const made = await post(pathOf("opacity", { version: before.id }), { opacity, id: newId() });
  versions.put(made);
  versions.lead(made.id);
  showStatus(
    gettext("Kept as version {number}, at {percent} %", { number: made.number, percent: Math.round(opacity * 100) }),
  );
  keepLead(editor, versions, gettext("opacity"), before.id, made.id);
}
