/** The prompts tried before, newest first; in this browser alone, and not more than fit on a page. */

import { find } from "../../../garden/lib/page.js";
import { word } from "./config.js";

const STORE = "garden-tried-prompts";
const MOST = 30;

/** @typedef {Record<string, string>} Tried the form's fields */

/** @param {(tried: Tried) => void} onChoice */
export function startHistory(onChoice) {
  find("[data-clear]").addEventListener("click", () => {
    keep([]);
    show(onChoice);
    find("[name=text]").focus();
  });
  show(onChoice);
}

/**
 * @param {Tried} tried
 * @param {(tried: Tried) => void} onChoice
 */
export function remember(tried, onChoice) {
  const others = kept().filter((other) => other.text !== tried.text);
  keep([tried, ...others].slice(0, MOST));
  show(onChoice);
}

/** @param {(tried: Tried) => void} onChoice */
function show(onChoice) {
  const all = kept();
  find("[data-prompts]").replaceChildren(...all.map((tried) => lineOf(tried, onChoice)));
  find("[data-past]").hidden = all.length === 0;
}

/**
 * @param {Tried} tried
 * @param {(tried: Tried) => void} onChoice
 */
function lineOf(tried, onChoice) {
  const line = document.createElement("li");
  const button = document.createElement("button");
  button.type = "button";
  button.setAttribute("aria-label", word("again", { prompt: tried.text }));
  button.textContent = tried.text;
  button.addEventListener("click", () => onChoice(tried));
  line.append(button);
  return line;
}

/** @returns {Tried[]} */
function kept() {
  try {
    const found = JSON.parse(localStorage.getItem(STORE) ?? "[]");
    return Array.isArray(found) ? found.filter((tried) => typeof tried?.text === "string").slice(0, MOST) : [];
  } catch {
    return [];
  }
}

/** @param {Tried[]} all */
function keep(all) {
  try {
    localStorage.setItem(STORE, JSON.stringify(all));
  } catch {
    // A browser that keeps nothing has no prompts before.
  }
}
