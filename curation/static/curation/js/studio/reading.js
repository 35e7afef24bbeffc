/** A prompt taken from the picture: tags with scores, and words that complete what is typed. */

import { fetchJson, post } from "../../../garden/lib/http.js";
import { gettext } from "../../../garden/lib/i18n.js";
import { find, findAll, pause } from "../../../garden/lib/page.js";
import { config, pathOf } from "./config.js";
import { showStatus, trying } from "./status.js";

/**
 * @typedef {{text: string, kind: string, score: number}} Tag
 * @typedef {{id: string, state: string, tagger: string, note: string, tags: Tag[], error: string}} Reading
 */

const GLANCE_MS = 700;
const TYPED_MS = 150;

/**
 * @param {import("./editor.js").Editor} editor
 * @param {import("./settings.js").Settings} settings
 * @param {import("./versions.js").Versions} versions
 */
export function startReading(editor, settings, versions) {
  const list = find("[data-tags]");
  const template = /** @type {HTMLTemplateElement} */ (/** @type {unknown} */ (find("#studio-tag")));
  const boxes = () => /** @type {HTMLInputElement[]} */ (findAll("input", list));
  const texts = (/** @type {boolean} */ all) => boxes().flatMap((box) => (all || box.checked ? [box.value] : []));

  /** @param {Reading} reading */
  function show({ tags, note }) {
    const percent = new Intl.NumberFormat(config.language, { style: "percent" });
    const rows = tags.map((tag) => {
      const row = /** @type {HTMLElement} */ (template.content.firstElementChild?.cloneNode(true));
      /** @type {HTMLInputElement} */ (find("input", row)).value = tag.text;
      find("[data-text]", row).textContent = tag.text;
      find("[data-score]", row).textContent = percent.format(tag.score);
      /** @type {HTMLMeterElement} */ (find("meter", row)).value = tag.score;
      return row;
    });
    list.replaceChildren(...rows);
    find("[data-tags-note]").textContent = note;
    find("[data-tags-use]").hidden = !rows.length;
  }

  async function read() {
    showStatus(gettext("The picture is being read …"));
    const { id: canvas, head } = versions.canvas;
    let reading = await post(pathOf("tags", { canvas }), { version: head, crop: editor.crop.area });
    while (["queued", "leased", "paused"].includes(reading.state)) {
      await pause(GLANCE_MS);
      reading = await fetchJson(pathOf("reading", { reading: reading.id }));
    }
    if (reading.state !== "done") return showStatus(gettext("It failed: {why}", { why: reading.error }), "error");
    show(reading);
    showStatus(gettext("{count} words were found.", { count: reading.tags.length }));
  }

  find("[data-read]").addEventListener("click", () => void trying(read));
  find("[data-use=all]").addEventListener("click", () => {
    const tokens = texts(true).map((text) => ({ text, weight: 1, on: true }));
    settings.change({ prompt: tokens }, gettext("prompt"));
  });
  find("[data-use=chosen]").addEventListener("click", () => settings.prompts.prompt.addAll(texts(false)));
  startCompleting();
}

function startCompleting() {
  const words = find("#studio-words");
  let timer = 0;
  for (const input of /** @type {HTMLInputElement[]} */ (findAll("[data-token-input]"))) {
    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => void complete(input.value.trim(), words), TYPED_MS);
    });
  }
}

/** @param {string} typed @param {HTMLElement} list */
async function complete(typed, list) {
  if (!typed) return;
  const found = await fetchJson(`${pathOf("words")}?${new URLSearchParams({ q: typed })}`).catch(() => ({ words: [] }));
  list.replaceChildren(...found.words.map((/** @type {Tag} */ { text }) => new Option(text, text)));
}
