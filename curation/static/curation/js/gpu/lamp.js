/** The lamp and the switch: shows how the hosts are, asks before it switches, and says what came of it. */

import { ApiError, fetchJson } from "../../../garden/lib/http.js";
import { element as elementOf, errorSentence, openDialog, setText } from "../../../garden/lib/page.js";
import { config, word } from "./config.js";

/** @typedef {import("./config.js").Outlook} Outlook */

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
    this.#showStatus("[data-gpu-status]", lineOf(outlook, Date.now() + this.#ahead));
    this.#showStatus("[data-gpu-work]", workOf(outlook));
    this.#showStatus("[data-gpu-advice]", adviceOf(outlook));
    this.#find("[data-gpu-advice]").hidden = !adviceOf(outlook);
    this.#showHosts(outlook.hosts);
    this.#showSwitch(outlook);
  }

  /** @param {ApiError} error */
  lose(error) {
    this.outlook = null;
    this.element.dataset.state = "unknown";
    this.#showStatus("[data-gpu-status]", word("away"));
    this.#showStatus("[data-gpu-message]", errorSentence(error, word));
    for (const button of this.#buttons()) button.disabled = true;
  }

  /** @param {"start" | "stop"} action */
  async #switch(action) {
    if (await this.#agrees(questionOf(this.outlook, action))) await this.#order(action);
  }

  async #keepIdle() {
    const seconds = Number(this.idle?.value);
    const kept = await this.#order("idle", { seconds });
    if (kept) this.#showStatus("[data-gpu-message]", word("idle_kept", { minutes: minutes(kept.idle_seconds) }));
  }

  /**
   * @param {"start" | "stop" | "idle"} action
   * @param {Record<string, number>} [data]
   */
  async #order(action, data = {}) {
    this.#busy = true;
    this.#showStatus("[data-gpu-message]", "");
    this.show();
    try {
      this.outlook = await fetchJson(config.paths[action], { data });
      return this.outlook;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#showStatus("[data-gpu-message]", errorSentence(error, word));
      return null;
    } finally {
      this.#busy = false;
      this.show();
      this.onSwitched();
    }
  }

  /** @param {string} question */
  async #agrees(question) {
    const { dialog } = this;
    if (!dialog) return false;
    setText(/** @type {Element} */ (dialog.querySelector("[data-gpu-question]")), question);
    return (await openDialog(dialog)) === "yes";
  }

  /** @param {Record<string, string>} hosts */
  #showHosts(hosts) {
    const lines = Object.entries(hosts).map(([name, state]) => `${name}: ${word(state).replace(/^GPU /, "")}`);
    const list = this.#find("[data-gpu-hosts]");
    if (list.textContent === lines.join("")) return;
    list.replaceChildren(...lines.map((line) => elementOf("li", line)));
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
  #showStatus(selector, text) {
    setText(this.#find(selector), text);
  }
}

/** @param {number} seconds */
function minutes(seconds) {
  return Math.max(1, Math.round(seconds / 60));
}

/**
 * The one line of the lamp.
 * @param {Outlook} outlook
 * @param {number} now the garden's clock, in milliseconds
 */
function lineOf(outlook, now) {
  const parts = [word(outlook.state)];
  if (outlook.state === "on") parts.push(goingOn(outlook, now));
  else if (outlook.waiting) parts.push(word("waiting", { count: outlook.waiting }));
  return parts.filter(Boolean).join(" · ");
}

/** @param {Outlook} outlook */
function workOf(outlook) {
  return ["running", "waiting", "workers"].map((key) => word(key, { count: countOf(outlook, key) })).join(" · ");
}

/**
 * What will become of the pictures that wait while the hosts are off.
 * @param {Outlook} outlook
 */
function adviceOf(outlook) {
  if (outlook.state !== "off" || !outlook.waiting) return "";
  return word(outlook.held ? "waiting_held" : "waiting_start");
}

/**
 * @param {Outlook | null} outlook
 * @param {string} action
 */
function questionOf(outlook, action) {
  if (action === "start") return word("ask_start", { minutes: minutes(outlook?.idle_seconds ?? 0) });
  const { running = 0, waiting = 0 } = outlook ?? {};
  return word(running + waiting ? "ask_stop_work" : "ask_stop", { running, waiting });
}

/**
 * @param {Outlook} outlook
 * @param {number} now
 */
function goingOn(outlook, now) {
  if (outlook.running) return word("at_work");
  if (outlook.waiting) return word(outlook.workers ? "at_work" : "loading");
  if (!outlook.stops_at) return "";
  const left = (Date.parse(outlook.stops_at) - now) / 1000;
  return left < 60 ? word("stops_soon") : word("stops_in", { minutes: minutes(left) });
}

/**
 * @param {Outlook} outlook
 * @param {string} key
 */
function countOf(outlook, key) {
  return Number(/** @type {Record<string, any>} */ (outlook)[key]);
}
