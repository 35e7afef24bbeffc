/** The retouch studio: a picture on the editor, the tools around it, its versions beside it. */

import { find, findAll } from "../../../garden/lib/page.js";
import { config } from "./config.js";
import { startCredits } from "./credits.js";
import { CropFrame } from "./crop.js";
import { Editor } from "./editor.js";
import { startKeys } from "./keys.js";
import { startLimits } from "./limits.js";
import { startOutline } from "./outline.js";
import { Painting } from "./painting.js";
import { startPresets } from "./presets.js";
import { startPublishing, startSiblings } from "./publishing.js";
import { startReading } from "./reading.js";
import { Running, startReference } from "./running.js";
import { Settings } from "./settings.js";
import { startOpacity, startShowing } from "./shown.js";
import { trying } from "./status.js";
import { startToolbox } from "./toolbox.js";
import { startTree } from "./tree.js";
import { bitmapOf, Versions } from "./versions.js";

void trying(start);

async function start() {
  const { canvas } = config;
  const editor = new Editor(await bitmapOf(canvas.picture), /** @type {HTMLCanvasElement} */ (find("[data-canvas]")));
  editor.pictureAt = canvas.picture;
  const versions = new Versions(canvas);
  const settings = new Settings(editor.steps);
  const running = new Running(editor, settings, versions, startReference(versions, settings));
  new CropFrame(editor.crop, editor.view, editor.steps);
  new Painting(editor);
  startToolbox(editor);
  startOutline(editor, settings, versions);
  startOpacity(editor, versions);
  startCredits(versions, settings);
  startLimits(settings);
  startReading(editor, settings, versions);
  startPublishing(versions);
  startSiblings(versions);
  startKeys(editor, { run: () => running.run(), help: () => openDialog("[data-help]") });
  for (const button of findAll("[data-dialog]")) {
    button.addEventListener("click", () => openDialog(button.dataset.dialog ?? ""));
  }
  for (const button of findAll("dialog [data-close]")) {
    button.addEventListener("click", () => button.closest("dialog")?.close());
  }
  startTree(editor, settings, versions);
  await Promise.all([startShowing(editor, versions), startPresets(settings)]);
  if (versions.head) settings.values = versions.head.settings;
  editor.view.fit();
  document.body.dataset.ready = "true";
  // For browser tests and benchmarks.
  Object.assign(window, { studio: { editor, settings, versions } });
}

/** @param {string} selector */
function openDialog(selector) {
  /** @type {HTMLDialogElement} */ (find(selector)).showModal();
}
