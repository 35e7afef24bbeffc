/** Asking for the edit: the crop, its mask, the line art and the settings, then waiting for the version. */

import { ApiError, post } from "../../../garden/lib/http.js";
import { gettext } from "../../../garden/lib/i18n.js";
import { find, findAll, newId } from "../../../garden/lib/page.js";
import { pathOf } from "./config.js";
import { showStatus, trying } from "./status.js";
import { keepLead } from "./versions.js";

/** @import { Editor } from "./editor.js" */
/** @import { Settings } from "./settings.js" */
/** @import { Versions, Version } from "./versions.js" */

export class Running {
  /** @type {Version | null} */
  #version = null;

  /**
   * @param {Editor} editor
   * @param {Settings} settings
   * @param {Versions} versions
   * @param {() => Promise<Record<string, any>>} reference what to send of the reference
   */
  constructor(editor, settings, versions, reference) {
    this.editor = editor;
    this.settings = settings;
    this.versions = versions;
    this.reference = reference;
    this.button = /** @type {HTMLButtonElement} */ (find("[data-run]"));
    this.bar = /** @type {HTMLProgressElement} */ (find("[data-progress]"));
    this.cancel = find("[data-cancel]");
    this.button.addEventListener("click", () => this.run());
    this.cancel.addEventListener("click", () => void trying(() => this.#stop()));
    versions.addEventListener("versions", () => this.#show());
  }

  run() {
    if (this.button.disabled) return;
    void trying(() => this.#run()).finally(() => this.#busy(false));
  }

  async #run() {
    const { editor, settings, versions } = this;
    settings.point("");
    if (editor.mask.isEmpty(editor.crop.area))
      throw new ApiError(422, {
        detail: gettext("Nothing is masked in the crop yet. Paint over the part to repaint."),
      });
    this.#busy(true);
    showStatus(gettext("The edit is being sent …"));
    const before = versions.canvas.head;
    const version = await this.#ask();
    this.#version = version;
    versions.put(version);
    showStatus(gettext("It is being repainted …"));
    const made = await versions.wait(version);
    this.#version = null;
    if (made.state === "cancelled") return showStatus(gettext("It was cancelled. Nothing has changed."));
    if (made.state !== "done") throw new ApiError(422, { detail: gettext("It failed: {why}", { why: made.error }) });
    versions.lead(made.id);
    editor.uncover();
    keepLead(editor, versions, gettext("version {number}", { number: made.number }), before, made.id);
    showStatus(gettext("Version {number} is open in the editor.", { number: made.number }));
  }

  /** @returns {Promise<Version>} */
  async #ask() {
    const { editor, settings, versions } = this;
    const crop = editor.crop.area;
    const values = settings.accepted;
    const { file, ...more } = values.reference_weight ? await this.reference() : {};
    const form = new FormData();
    const edit = {
      id: newId(),
      canvas: versions.canvas.id,
      parent: versions.canvas.head,
      crop,
      settings: values,
      region: { kind: "mask" },
      ...more,
    };
    form.set("edit", JSON.stringify(edit));
    form.set("mask", await editor.mask.png(crop), "mask.png");
    editor.markSent();
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

  async #stop() {
    if (this.#version) this.versions.put(await post(pathOf("cancel", { version: this.#version.id })));
  }

  #show() {
    const version = this.#version && this.versions.find(this.#version.id);
    if (version?.state === "leased") this.bar.value = version.progress;
    if (version?.state === "paused") showStatus(gettext("The job is paused."));
  }

  /** @param {boolean} busy */
  #busy(busy) {
    this.button.disabled = busy;
    this.bar.hidden = !busy;
    this.cancel.hidden = !busy;
    if (busy) this.bar.removeAttribute("value");
  }
}

/**
 * @param {import("./versions.js").Versions} versions
 * @param {import("./settings.js").Settings} settings
 * @returns {() => Promise<Record<string, any>>} what an edit says of it
 */
export function startReference(versions, settings) {
  const kind = () => /** @type {HTMLInputElement} */ (find("[data-reference]:checked")).value;
  const file = /** @type {HTMLInputElement} */ (find("[data-reference-file]"));
  const image = /** @type {HTMLInputElement} */ (find("[data-reference-image]"));
  const show = () => {
    find("[data-reference-of=file]").hidden = kind() !== "file";
    find("[data-reference-of=image]").hidden = kind() !== "image";
    const weight = settings.values.reference_weight;
    if (kind() !== "none" && !weight) settings.change({ reference_weight: 0.5 }, gettext("reference"));
    if (kind() === "none" && weight) settings.change({ reference_weight: 0 }, gettext("reference"));
  };
  for (const choice of findAll("[data-reference]")) choice.addEventListener("change", show);

  return async () => {
    if (kind() === "file") return { file: file.files?.[0] ?? refuse() };
    if (kind() === "image") return { reference_image: image.valueAsNumber || refuse() };
    if (versions.canvas.image) return { reference_image: versions.canvas.image };
    return { file: await (await fetch(versions.canvas.picture)).blob() };
  };
}

/** @returns {never} */
function refuse() {
  throw new ApiError(422, { detail: gettext("Choose the reference picture first."), field: "reference_weight" });
}
