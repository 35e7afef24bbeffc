/** Asking for the edit: the crop, its mask, the line art and the settings, then waiting for the version. */

import { find, word } from "./given.js";
import { keepLead } from "./leading.js";
import { say, trying } from "./said.js";
import { pathOf, send, Trouble } from "./server.js";

/**
 * @typedef {import("./bench.js").Bench} Bench
 * @typedef {import("./settings.js").Settings} Settings
 * @typedef {import("./versions.js").Versions} Versions
 * @typedef {import("./versions.js").Version} Version
 */

export class Running {
  /** @type {Version | null} */
  #version = null;

  /**
   * @param {Bench} bench
   * @param {Settings} settings
   * @param {Versions} versions
   * @param {() => Promise<Record<string, any>>} reference what to send of the reference
   */
  constructor(bench, settings, versions, reference) {
    this.bench = bench;
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
    const { bench, settings, versions } = this;
    settings.point("");
    if (bench.mask.isEmpty(bench.crop.area)) throw new Trouble(word("mask_empty"));
    this.#busy(true);
    say(word("sending"));
    const before = versions.canvas.head;
    const version = await this.#ask();
    this.#version = version;
    versions.put(version);
    say(word("waiting"));
    const made = await versions.wait(version);
    this.#version = null;
    if (made.state === "cancelled") return say(word("cancelled"));
    if (made.state !== "done") throw new Trouble(word("failed", { why: made.error }));
    versions.lead(made.id);
    bench.uncover();
    keepLead(bench, versions, word("step_run", { number: made.number }), before, made.id);
    say(word("made", { number: made.number }));
  }

  /** @returns {Promise<Version>} */
  async #ask() {
    const { bench, settings, versions } = this;
    const crop = bench.crop.area;
    const values = settings.accepted;
    const { file, ...more } = values.reference_weight ? await this.reference() : {};
    const form = new FormData();
    const edit = {
      id: crypto.randomUUID(),
      canvas: versions.canvas.id,
      parent: versions.canvas.head,
      crop,
      settings: values,
      region: { kind: "mask" },
      ...more,
    };
    form.set("edit", JSON.stringify(edit));
    form.set("mask", await bench.mask.png(crop), "mask.png");
    bench.markSent();
    const keepsLines = values.line_weight > 0 && !bench.outline.isEmpty(crop);
    if (keepsLines) form.set("line", await bench.outline.png(crop), "line.png");
    if (file) form.set("reference", file, "reference");
    try {
      return await send(pathOf("versions"), form);
    } catch (error) {
      if (error instanceof Trouble && error.field) settings.point(error.field);
      throw error;
    }
  }

  async #stop() {
    if (this.#version) this.versions.put(await send(pathOf("cancel", { version: this.#version.id })));
  }

  #show() {
    const version = this.#version && this.versions.find(this.#version.id);
    if (version?.state === "leased") this.bar.value = version.progress;
    if (version?.state === "paused") say(word("paused"));
  }

  /** @param {boolean} busy */
  #busy(busy) {
    this.button.disabled = busy;
    this.bar.hidden = !busy;
    this.cancel.hidden = !busy;
    if (busy) this.bar.removeAttribute("value");
  }
}
