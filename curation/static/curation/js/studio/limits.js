/** What the engine cannot draw, said before it is asked to; and what the curator may spend. */

import { fetchJson } from "../../../garden/lib/http.js";
import { gettext } from "../../../garden/lib/i18n.js";
import { find, setText } from "../../../garden/lib/page.js";
import { config, pathOf } from "./config.js";
import { engineOf, priceOf, settings } from "./settings.js";
import { versions } from "./versions.js";

const CALM_MS = 400;
const known = find("[data-known]");
const ignored = find("[data-will-ignore]");
let timer = 0;
/** @type {import("schemas").Schema["Credits"]} */
let credits = config.credits;

settings.addEventListener("change", showWords);
settings.addEventListener("change", showCredits);
versions.addEventListener("state", () => void updateCredits());
showWords();
showCredits();

function showWords() {
  const { engine, prompt, strength } = settings.values;
  const { name = "", words = [] } = engineOf(settings.values) ?? {};
  known.hidden = words.length === 0;
  const texts = { engine: name, words: words.join(", ") };
  find("p", known).textContent = gettext("The {engine} repaints by mood and words it knows: {words}.", texts);
  const on = prompt.filter((/** @type {import("./tokens.js").Token} */ token) => token.on);
  const text = on.map((/** @type {import("./tokens.js").Token} */ token) => token.text).join(", ");
  clearTimeout(timer);
  timer = 0;
  const params = { engine, prompt: text, strength };
  if (words.length && text) timer = window.setTimeout(() => void showIgnored(params, name), CALM_MS);
  else setText(ignored, "");
}

/** @param {Record<string, string | number>} params @param {string} engine */
async function showIgnored(params, engine) {
  const asked = timer;
  const found = await fetchJson(pathOf("ignored"), { params }).catch(() => null); // The next change asks again.
  if (asked !== timer || !found) return;
  const words = found.words.join(", ");
  setText(ignored, words && gettext("Will not be drawn by {engine}: {words}", { engine, words }));
}

/** They are held while a version waits, spent when it is made, back when it is not. */
async function updateCredits() {
  if (credits.left === null) return;
  credits = await fetchJson(pathOf("credits")).catch(() => credits); // The next change shows it.
  showCredits();
}

function showCredits() {
  const { left, most } = credits;
  const line = find("[data-credits]");
  line.hidden = left === null;
  if (left === null) return;
  const price = priceOf(credits);
  const texts = { left, most: most ?? left, price };
  line.dataset.kind = left < price ? "error" : "plain";
  line.textContent = gettext("{left} of {most} credits left today; a picture costs {price}", texts);
}
