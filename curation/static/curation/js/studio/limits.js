/** What the engine cannot draw, said before it is asked to. */

import { fetchJson } from "../../../garden/lib/http.js";
import { gettext } from "../../../garden/lib/i18n.js";
import { find, setText } from "../../../garden/lib/page.js";
import { pathOf } from "./config.js";
import { engineOf } from "./settings.js";

const CALM_MS = 400;

/** @param {import("./settings.js").Settings} settings */
export function startLimits(settings) {
  const known = find("[data-known]");
  const ignored = find("[data-will-ignore]");
  let timer = 0;
  let asked = "";

  const show = () => {
    const { engine, prompt, strength } = settings.values;
    const { name = "", words = [] } = engineOf(settings.values) ?? {};
    known.hidden = words.length === 0;
    const texts = { engine: name, words: words.join(", ") };
    find("p", known).textContent = gettext("The {engine} repaints by mood and words it knows: {words}.", texts);
    const on = prompt.filter((/** @type {{on: boolean}} */ token) => token.on);
    const text = on.map((/** @type {{text: string}} */ token) => token.text).join(", ");
    const params = { engine, prompt: text, strength };
    const question = words.length && text ? JSON.stringify(params) : "";
    if (question === asked) return;
    asked = question;
    clearTimeout(timer);
    if (question) timer = window.setTimeout(() => void ask(question, params, name), CALM_MS);
    else setText(ignored, "");
  };

  /** @param {string} question @param {Record<string, string | number>} params @param {string} engine */
  async function ask(question, params, engine) {
    const found = await fetchJson(pathOf("ignored"), { params }).catch(() => null); // The next change asks again.
    if (question !== asked || !found) return;
    const words = found.words.join(", ");
    setText(ignored, words && gettext("Will not be drawn by {engine}: {words}", { engine, words }));
  }

  settings.addEventListener("change", show);
  show();
}
