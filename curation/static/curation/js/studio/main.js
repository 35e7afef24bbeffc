/** The retouch studio: a picture on the bench, the tools around it, its versions beside it. */

import { Bench } from "./bench.js";
import { startCredits } from "./credits.js";
import { CropFrame } from "./crop_frame.js";
import { config, find, findAll } from "./given.js";
import { startKeys } from "./keys.js";
import { startOpacity } from "./opacity.js";
import { startOutline } from "./outline.js";
import { Painting } from "./painting.js";
import { startPresets } from "./presets.js";
import { startPublishing, startSiblings } from "./publishing.js";
import { startReading } from "./reading.js";
import { startReference } from "./reference.js";
import { Running } from "./running.js";
import { trying } from "./said.js";
import { Settings } from "./settings.js";
import { startShowing } from "./shown.js";
import { startToolbox } from "./toolbox.js";
import { startTree } from "./tree.js";
import { bitmapOf, Versions } from "./versions.js";

void trying(start);

async function start() {
  const { canvas } = config;
  const bench = new Bench(await bitmapOf(canvas.picture), /** @type {HTMLCanvasElement} */ (find("[data-canvas]")));
  bench.pictureAt = canvas.picture;
  const versions = new Versions(canvas);
  const settings = new Settings(bench.steps);
  const running = new Running(bench, settings, versions, startReference(versions, settings));
  new CropFrame(bench.crop, bench.view, bench.steps);
  new Painting(bench);
  startToolbox(bench);
  startOutline(bench, settings, versions);
  startOpacity(bench, versions);
  startCredits(versions, settings);
  startReading(bench, settings, versions);
  startPublishing(versions);
  startSiblings(versions);
  startKeys(bench, { run: () => running.run(), help: () => openDialog("[data-help]") });
  for (const button of findAll("[data-dialog]")) {
    button.addEventListener("click", () => openDialog(button.dataset.dialog ?? ""));
  }
  for (const button of findAll("dialog [data-close]")) {
    button.addEventListener("click", () => button.closest("dialog")?.close());
  }
  startTree(bench, settings, versions);
  await Promise.all([startShowing(bench, versions), startPresets(settings)]);
  if (versions.head) settings.values = versions.head.settings;
  bench.view.fit();
  document.body.dataset.ready = "true";
  // For whoever looks into the page: its journeys, and benchmarks.
  Object.assign(window, { studio: { bench, settings, versions } });
}

/** @param {string} selector */
function openDialog(selector) {
  /** @type {HTMLDialogElement} */ (find(selector)).showModal();
}
