/** The retouch studio: a picture on the editor, the tools around it, its versions beside it. */

import { find, findAll } from "../../../garden/lib/page.js";
import "./crop.js";
import { editor } from "./editor.js";
import "./extract.js";
import "./limits.js";
import "./pointer.js";
import "./presets.js";
import "./result.js";
import { settings } from "./settings.js";
import "./tools.js";
import "./tree.js";
import { versions } from "./versions.js";

for (const button of findAll("[data-dialog]")) {
  const dialog = /** @type {HTMLDialogElement} */ (find(button.dataset.dialog ?? ""));
  button.addEventListener("click", () => dialog.showModal());
}
if (versions.head) settings.values = versions.head.settings;
editor.view.fit();
document.body.dataset.ready = "true";
// For browser tests and benchmarks.
Object.assign(window, { studio: { editor, settings, versions } });
