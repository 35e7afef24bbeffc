/** Settings under a name, shared by all curators. */

import { fetchJson, post } from "../../../garden/lib/http.js";
import { gettext } from "../../../garden/lib/i18n.js";
import { find } from "../../../garden/lib/page.js";
import { showStatus } from "../status.js";
import { onClick, pathOf, trying } from "./config.js";
import { settings } from "./settings.js";

/** @typedef {{id: number | string, name: string, settings: Record<string, any>, by: string}} Preset */

const list = /** @type {HTMLSelectElement} */ (find("[data-presets]"));
const name = /** @type {HTMLInputElement} */ (find("[data-preset-name]"));
const drop = /** @type {HTMLButtonElement} */ (find("[data-preset-drop]"));
/** @type {Preset[]} */
let presets = [];

list.addEventListener("change", () => {
  const preset = chosen();
  drop.disabled = !preset;
  if (!preset) return;
  name.value = preset.name;
  settings.change(preset.settings, gettext("preset {name}", { name: preset.name }));
});
onClick("[data-preset-save]", async () => {
  if (!name.value.trim()) return name.focus();
  const { seed, ...kept } = settings.values;
  const saved = await post(pathOf("presets"), { name: name.value.trim(), settings: kept });
  await load(String(saved.id));
  showStatus(gettext("Saved: {name}", { name: saved.name }));
});
onClick("[data-preset-drop]", async () => {
  const preset = chosen();
  if (!preset) return;
  await post(pathOf("preset", { preset: String(preset.id) }));
  await load();
  showStatus(gettext("Deleted: {name}", { name: preset.name }));
});
await trying(load);

function chosen() {
  return presets.find((preset) => String(preset.id) === list.value);
}

async function load(keep = "") {
  presets = (await fetchJson(pathOf("presets"))).presets;
  const none = new Option(gettext("none"), "");
  list.replaceChildren(none, ...presets.map((preset) => new Option(preset.name, String(preset.id))));
  list.value = keep;
  drop.disabled = !list.value;
}
