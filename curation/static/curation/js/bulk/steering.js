/** Pause, resume, cancel, try again: buttons with their keys. */

import { config, find, pathOf } from "./given.js";
import { openOf } from "./progress.js";
import { post, Trouble } from "./server.js";
import { word } from "./words.js";

/** @typedef {import("./progress.js").Progress} Progress */

export class Steering {
  /** @type {Progress | null} */
  #job = null;

  /**
   * @param {HTMLElement} section
   * @param {string} id of the job
   * @param {{onDone: () => void, onTrouble: (trouble: Trouble | null) => void}} hear
   */
  constructor(section, id, hear) {
    this.section = section;
    this.id = id;
    this.hear = hear;
    this.dialog = /** @type {HTMLDialogElement} */ (find(section, "[data-dialog]"));
    section.addEventListener("click", (event) => this.#press(/** @type {Element} */ (event.target)));
    document.addEventListener("keydown", (event) => this.#key(event));
  }

  /** @param {Progress} job */
  show(job) {
    this.#job = job;
    const { slots, state } = job;
    this.#offer("[data-act=pause]", state === "active" && slots.queued > 0);
    this.#offer("[data-act=resume]", slots.paused > 0);
    this.#offer("[data-act=retry]", slots.failed > 0);
    this.#offer("[data-ask=cancel]", openOf(job) > 0);
    this.#offer("[data-review]", slots.done > 0);
  }

  /**
   * A button that goes away hands its focus on, so that the keyboard stays where the work is.
   * @param {string} selector
   * @param {boolean} offered
   */
  #offer(selector, offered) {
    const button = this.section.querySelector(selector);
    if (!(button instanceof HTMLElement) || button.hidden === !offered) return;
    const focused = document.activeElement === button;
    button.hidden = !offered;
    if (focused && !offered) this.#focusNext();
  }

  #focusNext() {
    queueMicrotask(() => {
      const next = this.section.querySelector(".bulk-actions > :not([hidden])");
      if (next instanceof HTMLElement) next.focus();
    });
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
    find(this.dialog, "[data-dialog-body]").textContent = word("cancel_body", { n: openOf(this.#job) });
    this.dialog.showModal();
  }

  /** @param {string} act */
  async #act(act) {
    try {
      await post(pathOf(act, this.id));
      this.hear.onTrouble(null);
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
      this.hear.onTrouble(error);
    }
    this.hear.onDone();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || this.dialog.open || writes(event.target))
      return;
    const key = event.key.toLowerCase();
    const pressed = [...this.section.querySelectorAll("[aria-keyshortcuts]")].find(
      (button) => button.getAttribute("aria-keyshortcuts") === key && !(/** @type {HTMLElement} */ (button).hidden),
    );
    if (!pressed || (pressed.tagName === "BUTTON" && !config.may.steer)) return;
    event.preventDefault();
    /** @type {HTMLElement} */ (pressed).click();
  }
}

/** @param {EventTarget | null} target */
function writes(target) {
  return target instanceof Element && target.closest("input, textarea, select") !== null;
}
