/** Pause, resume, cancel, try again: buttons with their keys. */

import { ApiError, fetchJson } from "../../../garden/lib/http.js";
import { find, offer, shortcutOf } from "../../../garden/lib/page.js";
import { config, pathOf, word } from "./config.js";
import { openOf } from "./progress.js";

/** @typedef {import("./progress.js").Progress} Progress */

export class Steering {
  /** @type {Progress | null} */
  #job = null;

  /**
   * @param {HTMLElement} section
   * @param {string} id of the job
   * @param {{onDone: () => void, onError: (error: ApiError | null) => void}} handlers
   */
  constructor(section, id, handlers) {
    this.section = section;
    this.id = id;
    this.handlers = handlers;
    this.dialog = /** @type {HTMLDialogElement} */ (find("[data-dialog]", section));
    section.addEventListener("click", (event) => this.#press(/** @type {Element} */ (event.target)));
    document.addEventListener("keydown", (event) => this.#key(event));
  }

  /** @param {Progress} job */
  show(job) {
    this.#job = job;
    const { slots, state } = job;
    offer("[data-act=pause]", state === "active" && slots.queued > 0, ".bulk-actions");
    offer("[data-act=resume]", slots.paused > 0, ".bulk-actions");
    offer("[data-act=retry]", slots.failed > 0, ".bulk-actions");
    offer("[data-ask=cancel]", openOf(job) > 0, ".bulk-actions");
    offer("[data-review]", slots.done > 0, ".bulk-actions");
  }

  /** @param {Element} target */
  #press(target) {
    const button = target.closest("button");
    if (!button) return;
    if (button.dataset.ask) this.#ask();
    if ("close" in button.dataset || button.dataset.act === "cancel") this.dialog.close();
    if (button.dataset.act) void this.#act(button.dataset.act);
  }

  #ask() {
    if (!this.#job) return;
    find("[data-dialog-body]", this.dialog).textContent = word("cancel_body", { n: openOf(this.#job) });
    this.dialog.showModal();
  }

  /** @param {string} act */
  async #act(act) {
    try {
      await fetchJson(pathOf(act, this.id), { method: "POST" });
      this.handlers.onError(null);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.handlers.onError(error);
    }
    this.handlers.onDone();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const pressed = this.dialog.open ? undefined : shortcutOf(event, this.section);
    if (!pressed || (pressed.tagName === "BUTTON" && !config.may.steer)) return;
    event.preventDefault();
    pressed.click();
  }
}
