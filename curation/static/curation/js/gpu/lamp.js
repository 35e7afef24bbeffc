/** The lamp and the switch: shows how the hosts are, asks before it switches, and says what came of it. */

import { word } from "./given.js";
import { order, Trouble } from "./server.js";
import { adviceOf, lineOf, minutes, questionOf, workOf } from "./telling.js";

/** @typedef {import("./given.js").Outlook} Outlook */

export class Lamp {
  /** @type {Outlook | null} */
  outlook = null;
  #ahead = 0;
  #busy = false;

  /**
   * @param {HTMLElement} element
   * @param {() => void} onSwitched
   */
  constructor(element, onSwitched) {
    this.element = element;
    this.onSwitched = onSwitched;
    this.dialog = /** @type {HTMLDialogElement | null} */ (document.querySelector("[data-gpu-dialog]"));
    this.idle = /** @type {HTMLSelectElement | null} */ (element.querySelector("[data-gpu-idle]"));
    for (const button of this.#buttons()) {
      button.addEventListener(
        "click",
        () => void this.#switch(/** @type {"start" | "stop"} */ (button.dataset.gpuSwitch)),
      );
    }
    this.idle?.addEventListener("change", () => void this.#keepIdle());
  }

  /**
   * @param {Outlook} outlook
   * @param {number} ahead of this clock, in milliseconds
   */
  take(outlook, ahead) {
    this.outlook = outlook;
    this.#ahead = ahead;
    this.show();
  }

  show() {
    const { outlook } = this;
    if (!outlook) return;
    this.element.dataset.state = outlook.state;
    this.#say("[data-gpu-said]", lineOf(outlook, Date.now() + this.#ahead));
    this.#say("[data-gpu-work]", workOf(outlook));
    this.#say("[data-gpu-advice]", adviceOf(outlook));
    this.#find("[data-gpu-advice]").hidden = !adviceOf(outlook);
    this.#showHosts(outlook.hosts);
    this.#showSwitch(outlook);
  }

  /** @param {Trouble} trouble */
  lose(trouble) {
    this.outlook = null;
    this.element.dataset.state = "unknown";
    this.#say("[data-gpu-said]", word("away"));
    this.#say("[data-gpu-told]", trouble.message);
    for (const button of this.#buttons()) button.disabled = true;
  }

  /** @param {"start" | "stop"} deed */
  async #switch(deed) {
    if (await this.#agrees(questionOf(this.outlook, deed))) await this.#order(() => order(deed));
  }

  async #keepIdle() {
    const seconds = Number(this.idle?.value);
    const kept = await this.#order(() => order("idle", { seconds }));
    if (kept) this.#say("[data-gpu-told]", word("idle_kept", { minutes: minutes(kept.idle_seconds) }));
  }

  /** @param {() => Promise<Outlook>} deed */
  async #order(deed) {
    this.#busy = true;
    this.#say("[data-gpu-told]", "");
    this.show();
    try {
      this.outlook = await deed();
      return this.outlook;
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
      this.#say("[data-gpu-told]", error.message);
      return null;
    } finally {
      this.#busy = false;
      this.show();
      this.onSwitched();
    }
  }

  /** @param {string} question */
  #agrees(question) {
    const { dialog } = this;
    if (!dialog) return Promise.resolve(false);
    this.#put(dialog.querySelector("[data-gpu-question]"), question);
    dialog.returnValue = "no";
    dialog.showModal();
    return new Promise((answer) => {
      dialog.addEventListener("close", () => answer(dialog.returnValue === "yes"), { once: true });
    });
  }

  /** @param {Record<string, string>} hosts */
  #showHosts(hosts) {
    const lines = Object.entries(hosts).map(([name, state]) => `${name}: ${word(state).replace(/^GPU /, "")}`);
    const list = this.#find("[data-gpu-hosts]");
    if (list.textContent === lines.join("")) return;
    list.replaceChildren(...lines.map((line) => Object.assign(document.createElement("li"), { textContent: line })));
  }

  /** @param {Outlook} outlook */
  #showSwitch(outlook) {
    for (const button of this.#buttons()) {
      const from = button.dataset.gpuSwitch === "start" ? "off" : "on";
      button.disabled = this.#busy || outlook.state !== from;
    }
    const { idle } = this;
    if (!idle) return;
    idle.disabled = this.#busy;
    const chosen = String(outlook.idle_chosen);
    if (!this.#busy && ![...idle.options].some((option) => option.value === chosen)) {
      idle.add(new Option(word("idle_other", { minutes: minutes(outlook.idle_chosen) }), chosen));
    }
    if (!this.#busy && document.activeElement !== idle) idle.value = chosen;
  }

  /** @returns {HTMLButtonElement[]} */
  #buttons() {
    return [...this.element.querySelectorAll("[data-gpu-switch]")].map((one) => /** @type {HTMLButtonElement} */ (one));
  }

  /** @param {string} selector */
  #find(selector) {
    return /** @type {HTMLElement} */ (this.element.querySelector(selector));
  }

  /**
   * @param {string} selector
   * @param {string} text
   */
  #say(selector, text) {
    this.#put(this.#find(selector), text);
  }

  /**
   * @param {Element | null} element
   * @param {string} text
   */
  #put(element, text) {
    if (element && element.textContent !== text) element.textContent = text;
  }
}
