/** The estimate of the form, updated while it changes. */

import { fetchJson } from "../../../garden/lib/http.js";
import { element, find, setText } from "../../../garden/lib/page.js";
import { duration, pathOf, word } from "./config.js";

const PAUSE_MS = 250;

/**
 * @typedef {Object} Estimated
 * @property {Record<string, string[]>} errors by field
 * @property {number} [pictures]
 * @property {number | null} [work] seconds of one worker
 * @property {number | null} [seconds]
 * @property {number} [workers]
 * @property {number} [ahead]
 * @property {{place: string, prompt: string, negative: string}[]} [preview]
 */

export class Estimate {
  #timer = 0;
  #asked = new AbortController();

  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.form = form;
    this.prompts = find("[data-prompts]", form);
  }

  soon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.now(), PAUSE_MS);
  }

  async now() {
    this.#asked.abort();
    const asked = new AbortController();
    this.#asked = asked;
    try {
      this.#show(await fetchJson(pathOf("estimate"), { data: new FormData(this.form), signal: asked.signal }));
    } catch {
      if (!asked.signal.aborted) this.#write("time", word("not_asked"));
    }
  }

  /** @param {Estimated} estimate */
  #show(estimate) {
    this.#showErrors(estimate.errors);
    const { pictures } = estimate;
    this.#write("queue-word", queueWord(pictures));
    this.#write("count", pictures === undefined ? "" : countOf(pictures));
    this.#write("time", pictures === undefined ? "" : timeOf(estimate));
    this.#write("ahead", estimate.ahead ? word("ahead", { n: estimate.ahead }) : "");
    this.#write("estimate-status", pictures === undefined ? "" : `${countOf(pictures)}, ${timeOf(estimate)}`);
    this.#showPrompts(estimate.preview ?? []);
  }

  /** @param {Record<string, string[]>} errors */
  #showErrors(errors) {
    for (const list of this.form.querySelectorAll("[data-error-for]")) {
      const messages = errors[list.getAttribute("data-error-for") ?? ""] ?? [];
      list.replaceChildren(...messages.map((message) => element("li", message)));
      /** @type {HTMLElement} */ (list).hidden = messages.length === 0;
    }
  }

  /** @param {NonNullable<Estimated["preview"]>} preview */
  #showPrompts(preview) {
    this.prompts.replaceChildren(
      ...preview.map(({ place, prompt, negative }, i) => {
        const item = element("li");
        item.append(element("strong", place), element("span", prompt));
        if (negative !== (preview[i - 1]?.negative ?? ""))
          item.append(element("small", word("negative", { text: negative })));
        return item;
      }),
    );
    find("[data-preview]", this.form).hidden = preview.length === 0;
  }

  /**
   * @param {string} place
   * @param {string} text
   */
  #write(place, text) {
    const line = find(`[data-${place}]`, this.form);
    setText(line, text);
    if (place === "ahead") line.hidden = text === "";
  }
}

/** @param {number} pictures */
function countOf(pictures) {
  return pictures === 1 ? word("picture") : word("pictures", { n: pictures });
}

/** @param {number | undefined} pictures */
function queueWord(pictures) {
  if (pictures === undefined) return word("queue_none");
  return pictures === 1 ? word("queue_one") : word("queue", { n: pictures });
}

/** @param {Estimated} estimate */
function timeOf({ seconds, work, workers = 0 }) {
  if (workers === 0) {
    const much = typeof work === "number" ? word("no_worker_work", { time: duration(work) }) : word("unknown");
    return `${word("no_worker")} ${much}`;
  }
  if (typeof seconds !== "number") return word("unknown");
  const by = workers === 1 ? word("with_worker") : word("with_workers", { n: workers });
  return `${word("about", { time: duration(seconds) })} ${by}`;
}
