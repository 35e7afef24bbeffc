/** The version at the head: on the editor, over the picture before it; and what becomes of it, here and on others. */

import { fetchJson, post } from "../../../garden/lib/http.js";
import { gettext } from "../../../garden/lib/i18n.js";
import { cloneTemplate, find, newId, openDialog } from "../../../garden/lib/page.js";
import { showStatus } from "../../../garden/lib/status.js";
import { config, onClick, pathOf, trying } from "./config.js";
import { editor } from "./editor.js";
import { Copies } from "./stage.js";
import { bitmapOf, keepLead, patchOf, versions } from "./versions.js";

const split = /** @type {HTMLInputElement} */ (find("[data-split]"));
const line = find("[data-split-line]");
const slider = /** @type {HTMLInputElement} */ (find("[data-opacity]"));
const output = find("[data-opacity-value]");
const ignored = find("[data-ignored]");
const peek = find("[data-peek]");
const siblings = /** @type {HTMLDialogElement} */ (find("[data-siblings-dialog]"));
/** Which picture lies lowest. */
let pictureAt = "";
/** One after the other: the second finds what the first has kept. */
let kept = Promise.resolve();

versions.addEventListener("head", () => void trying(showHead));
split.addEventListener("input", () => {
  editor.split = split.valueAsNumber / 100;
  line.style.left = `${split.value}%`;
  line.hidden = editor.split === 0;
  editor.stage.redraw();
});
slider.addEventListener("input", () => {
  if (!editor.result) return;
  editor.result.alpha = slider.valueAsNumber / 100;
  output.textContent = `${slider.value} %`;
  editor.stage.redrawArea(editor.result.area);
});
slider.addEventListener("change", () => {
  const opacity = slider.valueAsNumber / 100;
  kept = kept.then(() => trying(() => keepOpacity(opacity)));
});
// It is held, by a finger or a key.
peek.addEventListener("pointerdown", () => editor.peek(true));
peek.addEventListener("keydown", ({ key }) => {
  if (key === " " || key === "Enter") editor.peek(true);
});
for (const end of ["pointerup", "pointerleave", "pointercancel", "keyup", "blur"]) {
  peek.addEventListener(end, () => editor.peek(false));
}
editor.addEventListener("peek", () => peek.setAttribute("aria-pressed", String(editor.peeks)));
onClick("[data-publish]", publish);
onClick("[data-siblings-open]", repaintSiblings);
find("[data-batch]").addEventListener("click", () => {
  if (versions.head) location.assign(`${config.paths.batch}?${new URLSearchParams({ version: versions.head.id })}`);
});
await trying(showHead);

async function showHead() {
  const { head } = versions;
  const before = versions.pictureOf(head?.parent ?? null);
  const [picture, patch] = await Promise.all([pictureAt === before ? null : bitmapOf(before), head && patchOf(head)]);
  if (versions.head !== head) return;
  pictureAt = before;
  if (picture) editor.copies = new Copies(picture);
  editor.copies?.prepare();
  editor.result = head && patch && { image: patch, area: head.crop, alpha: head.opacity };
  editor.stage.redraw();
  peek.toggleAttribute("disabled", !head);
  slider.disabled = !head;
  slider.value = String(Math.round((head?.opacity ?? 1) * 100));
  output.textContent = head ? `${slider.value} %` : "";
  ignored.hidden = !head?.ignored_words.length;
  if (!head) return;
  const words = head.ignored_words.join(", ");
  ignored.textContent = gettext("Not drawn by {engine}: {words}", { engine: head.engine, words });
}

/** @param {number} opacity */
async function keepOpacity(opacity) {
  const before = versions.head;
  if (!before || before.opacity === opacity) return;
  const made = await post(pathOf("opacity", { version: before.id }), { opacity, id: newId() });
  const percent = Math.round(opacity * 100);
  versions.put(made);
  versions.lead(made.id);
  showStatus(gettext("Kept as version {number}, at {percent} %", { number: made.number, percent }));
  keepLead(gettext("opacity"), before.id, made.id);
}

async function publish() {
  const version = versions.head;
  const chosen = version && (await openDialog(find("[data-publish-dialog]")));
  if (!chosen) return;
  const kept = await post(pathOf("publish", { version: version.id }), chosen);
  versions.put({ ...version, image: kept.image });
  showStatus(gettext("Kept as {key}", { key: kept.key }));
}

async function repaintSiblings() {
  const version = versions.head;
  if (!version) return;
  const path = pathOf("siblings", { version: version.id });
  const { images } = await fetchJson(path);
  find("[data-siblings-none]", siblings).hidden = images.length > 0;
  find("[data-siblings]", siblings).replaceChildren(...images.map(tileOf));
  const chosen = await openDialog(siblings);
  const count = chosen?.getAll("images").length;
  if (!count) return;
  const { job } = await post(path, chosen);
  const link = Object.assign(document.createElement("a"), { href: pathOf("job", { job }) });
  link.textContent = gettext("Watch them");
  showStatus(gettext("Pictures being repainted: {count}.", { count }));
  find("[data-siblings-job]").replaceChildren(link);
}

/** @param {any} image */
function tileOf({ id, thumb, url }) {
  const tile = cloneTemplate("studio-sibling");
  Object.assign(find("img", tile), { src: thumb ?? url, alt: gettext("picture {id}", { id: String(id) }) });
  /** @type {HTMLInputElement} */ (find("input", tile)).value = String(id);
  return tile;
}
