/** Settings under a name, shared by all curators. */

import { post } from "../../../garden/lib/http.js";
import { gettext } from "../../../garden/lib/i18n.js";
import { find } from "../../../garden/lib/page.js";
import { showStatus } from "../../../garden/lib/status.js";
import { onClick, pathOf } from "./config.js";
import { settings } from "./settings.js";

/** Each option has its settings as JSON. */
const list = /** @type {HTMLSelectElement} */ (find("[data-presets]"));
const name = /** @type {HTMLInputElement} */ (find("[data-preset-name]"));
const drop = /** @type {HTMLButtonElement} */ (find("[data-preset-drop]"));

list.addEventListener("change", () => {
  const [preset] = list.selectedOptions;
  drop.disabled = !preset.value;
  if (!preset.value) return;
  name.value = preset.text;
  settings.change(JSON.parse(preset.dataset.settings ?? "{}"), gettext("preset {name}", { name: preset.text }));
});
onClick("[data-preset-save]", async () => {
  if (!name.value.trim()) return name.focus();
  const { seed, ...kept } = settings.values;
  const saved = await post(pathOf("presets"), { name: name.value.trim(), settings: kept });
  const known = [...list.options].find(({ value }) => value === String(saved.id));
  const preset = known ?? list.appendChild(new Option(saved.name, saved.id));
  preset.dataset.settings = JSON.stringify(saved.settings);
  preset.selected = true;
  drop.disabled = false;
  showStatus(gettext("Saved: {name}", { name: saved.name }));
});
onClick("[data-preset-drop]", async () => {
  const [preset] = list.selectedOptions;
  await post(pathOf("preset", { preset: preset.value }));
  preset.remove();
  list.value = "";
  drop.disabled = true;
  showStatus(gettext("Deleted: {name}", { name: preset.text }));
});
