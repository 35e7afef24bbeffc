/** Taken from the picture: words for the prompt with scores, and line art. And words that complete what is typed. */

import { fetchJson, post } from "../../../garden/lib/http.js";
import { gettext } from "../../../garden/lib/i18n.js";
import { cloneTemplate, find, findAll } from "../../../garden/lib/page.js";
import { showStatus } from "../../../garden/lib/status.js";
import { config, onClick, pathOf } from "./config.js";
import { editor } from "./editor.js";
import { brushWithin } from "./layer.js";
import { settings } from "./settings.js";
import { steps } from "./steps.js";
import { bitmapOf, untilMade, versions } from "./versions.js";

/** @typedef {import("schemas").Schema["Tag"]} Tag */

const TYPED_MS = 150;
const percent = new Intl.NumberFormat(config.language, { style: "percent" });
const list = find("[data-tags]");
let timer = 0;

onClick("[data-read]", readTags);
find("[data-use=all]").addEventListener("click", () => {
  const tokens = findAll("input", list).map((box) => ({ text: textOf(box), weight: 1, on: true }));
  settings.change({ prompt: tokens }, gettext("prompt"));
});
find("[data-use=chosen]").addEventListener("click", () => {
  settings.prompts.prompt.addAll(findAll("input:checked", list).map(textOf));
});
for (const input of findAll("[data-token-input]")) {
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => void complete(textOf(input).trim()), TYPED_MS);
  });
}
onClick("[data-outline=extract]", extractOutline);
find("[data-outline=clear]").addEventListener("click", () => changeOutline());

async function readTags() {
  showStatus(gettext("The picture is being read …"));
  const { id: canvas, head } = versions.canvas;
  const begun = await post(pathOf("tags", { canvas }), { version: head, crop: editor.crop.area });
  const { state, error, tags, note } = await untilMade(begun, pathOf("reading", { reading: begun.id }));
  if (state !== "done") return showStatus(gettext("It failed: {why}", { why: error }), "error");
  list.replaceChildren(...tags.map(rowOf));
  find("[data-tags-note]").textContent = note;
  find("[data-tags-use]").hidden = !tags.length;
  showStatus(gettext("{count} words were found.", { count: tags.length }));
}

/** @param {Tag} tag */
function rowOf({ text, score }) {
  const row = cloneTemplate("studio-tag");
  /** @type {HTMLInputElement} */ (find("input", row)).value = text;
  find("[data-text]", row).textContent = text;
  find("[data-score]", row).textContent = percent.format(score);
  /** @type {HTMLMeterElement} */ (find("meter", row)).value = score;
  return row;
}

/** @param {HTMLElement} input */
function textOf(input) {
  return /** @type {HTMLInputElement} */ (input).value;
}

/** @param {string} typed */
async function complete(typed) {
  if (!typed) return;
  const found = await fetchJson(pathOf("words"), { params: { q: typed } }).catch(() => ({ words: [] }));
  const options = found.words.map((/** @type {Tag} */ { text }) => new Option(text, text));
  find("#studio-words").replaceChildren(...options);
}

/** Drawn and erased by hand from then on, like any layer. */
async function extractOutline() {
  const { line_simplicity: simplicity, line_method: method } = settings.values;
  const params = { version: versions.canvas.head ?? "", simplicity, method, ...editor.crop.area };
  showStatus(gettext("The outline is being drawn …"));
  const lines = await bitmapOf(pathOf("outline", { canvas: versions.canvas.id }), params);
  changeOutline(lines);
  if (!editor.shows.outline) editor.show("outline", true);
  showStatus(gettext("The outline of the crop is drawn."));
}

/** That of the crop. @param {ImageBitmap} [lines] grey; none: it is cleared */
function changeOutline(lines) {
  const { outline, crop } = editor;
  const { x, y, width, height } = crop.area;
  const draw = (/** @type {import("./layer.js").Brush} */ brush) => {
    brush.clearRect(x, y, width, height);
    if (!lines) return;
    const paint = brushWithin(lines);
    paint.fillStyle = outline.colour;
    paint.fillRect(0, 0, width, height);
    brush.drawImage(paint.canvas, x, y);
  };
  steps.keep(gettext("outline"), outline.change(crop.area, draw));
}
