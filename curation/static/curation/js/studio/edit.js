/** Asking for the edit: crop, mask, line art, reference and settings; then waiting for the version. */

import { ApiError, post } from "../../../garden/lib/http.js";
import { gettext } from "../../../garden/lib/i18n.js";
import { find, findAll, newId } from "../../../garden/lib/page.js";
import { showStatus } from "../../../garden/lib/status.js";
import { onClick, pathOf, trying } from "./config.js";
import { editor } from "./editor.js";
import { settings } from "./settings.js";
import { keepLead, versions } from "./versions.js";

/** @import { Version } from "./versions.js" */

export const CANCELLED = gettext("It was cancelled. Nothing has changed.");
const button = /** @type {HTMLButtonElement} */ (find("[data-run]"));
const bar = /** @type {HTMLProgressElement} */ (find("[data-progress]"));
/** The version that is being made. @type {Version | null} */
let current = null;

button.addEventListener("click", () => {
  void trying(run).finally(() => showBusy(false));
});
onClick("[data-cancel]", async () => {
  if (current) versions.put(await post(pathOf("cancel", { version: current.id })));
});
versions.addEventListener("versions", showMaking);
for (const choice of findAll("[data-reference]")) choice.addEventListener("change", showReference);

async function run() {
  settings.point("");
  if (editor.mask.isEmpty(editor.crop.area)) {
    return showStatus(gettext("Nothing is masked in the crop yet. Paint over the part to repaint."), "error");
  }
  showBusy(true);
  showStatus(gettext("The edit is being sent …"));
  current = await send();
  await waitFor(current).finally(() => {
    current = null;
  });
}

/** @returns {Promise<Version>} */
async function send() {
  const crop = editor.crop.area;
  const values = settings.accepted;
  const { file, ...reference } = values.reference_weight ? await readReference() : {};
  const form = new FormData();
  const { id: canvas, head: parent } = versions.canvas;
  form.set("edit", JSON.stringify({ id: newId(), canvas, parent, crop, settings: values, ...reference }));
  form.set("mask", await editor.mask.png(crop), "mask.png");
  editor.sent = true;
  const keepsLines = values.line_weight > 0 && !editor.outline.isEmpty(crop);
  if (keepsLines) form.set("line", await editor.outline.png(crop), "line.png");
  if (file) form.set("reference", file, "reference");
  try {
    return await post(pathOf("versions"), form);
  } catch (error) {
    if (error instanceof ApiError && error.body.field) settings.point(error.body.field);
    throw error;
  }
}

/** As on the server, it is on the editor only where its parent still was. @param {Version} version */
export async function waitFor(version) {
  versions.put(version);
  showStatus(gettext("It is being repainted …"));
  const { id, number, parent, state, error } = await versions.wait(version);
  if (state === "cancelled") return showStatus(CANCELLED);
  if (state !== "done") return showStatus(gettext("It failed: {why}", { why: error }), "error");
  if (versions.canvas.head !== parent) {
    return showStatus(gettext("Version {number} is made. Choose it in the list to see it.", { number }));
  }
  versions.lead(id);
  editor.uncover();
  keepLead(gettext("version {number}", { number }), parent, id);
  showStatus(gettext("Version {number} is open in the editor.", { number }));
}

function showMaking() {
  const version = current && versions.find(current.id);
  if (version?.state === "leased") bar.value = version.progress;
  if (version?.state === "paused") showStatus(gettext("The job is paused."));
}

/** @param {boolean} busy */
function showBusy(busy) {
  button.disabled = busy;
  bar.hidden = !busy;
  find("[data-cancel]").hidden = !busy;
  if (busy) bar.removeAttribute("value");
}

function referenceKind() {
  return /** @type {HTMLInputElement} */ (find("[data-reference]:checked")).value;
}

function showReference() {
  const kind = referenceKind();
  find("[data-reference-of=file]").hidden = kind !== "file";
  find("[data-reference-of=image]").hidden = kind !== "image";
  const weight = settings.values.reference_weight;
  if (kind !== "none" && !weight) settings.change({ reference_weight: 0.5 }, gettext("reference"));
  if (kind === "none" && weight) settings.change({ reference_weight: 0 }, gettext("reference"));
}

/** @returns {Promise<{file?: Blob, reference_image?: number}>} */
async function readReference() {
  const { files } = /** @type {HTMLInputElement} */ (find("[data-reference-file]"));
  const image = /** @type {HTMLInputElement} */ (find("[data-reference-image]")).valueAsNumber;
  const kind = referenceKind();
  if ((kind === "file" && !files?.length) || (kind === "image" && !image)) {
    throw new ApiError(422, { detail: gettext("Choose the reference picture first."), field: "reference_weight" });
  }
  if (kind === "file") return { file: files?.[0] };
  if (kind === "image") return { reference_image: image };
  if (versions.canvas.image) return { reference_image: versions.canvas.image };
  return { file: await (await fetch(versions.canvas.picture)).blob() };
}
