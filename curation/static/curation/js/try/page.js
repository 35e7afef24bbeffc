/** The page that tries a prompt. */

import { find, word } from "./given.js";
import { make, Trouble } from "./making.js";
import { remember, startPast } from "./past.js";
import { choose, startSizes } from "./sizes.js";

const form = /** @type {HTMLFormElement} */ (find("[data-form]"));
const button = /** @type {HTMLButtonElement} */ (find("[data-make]"));
const bar = /** @type {HTMLProgressElement} */ (find("[data-progress]"));
const WORDS = ["text", "negative", "engine"];

startSizes();
startPast(takeAgain);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (!button.disabled) void tryPrompt();
});
form.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
});

async function tryPrompt() {
  const fields = /** @type {Record<string, string>} */ (Object.fromEntries(new FormData(form)));
  remember(fields, takeAgain);
  setBusy(true);
  say(word("making"));
  try {
    const { urls, seconds } = await make(askedIn(fields), showProgress);
    showPictures(urls, fields.text);
    say(word("made", { seconds: seconds.toFixed(1) }));
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    say(error.message);
  } finally {
    setBusy(false);
  }
}

/**
 * Words as they are, numbers as numbers, and what is empty not at all.
 * @param {Record<string, string>} fields
 */
function askedIn({ size, ...fields }) {
  const given = Object.entries(fields).filter(([, value]) => value !== "");
  return Object.fromEntries(given.map(([name, value]) => [name, WORDS.includes(name) ? value : Number(value)]));
}

/** @param {Record<string, string>} tried */
function takeAgain(tried) {
  for (const [name, value] of Object.entries(tried)) {
    const field = form.elements.namedItem(name);
    if (field && "value" in field) field.value = value;
  }
  choose();
  find("[name=text]").focus();
}

/**
 * @param {number} done
 * @param {number} all
 */
function showProgress(done, all) {
  bar.max = all;
  bar.value = done;
  say(word("waiting", { done, all }));
}

/**
 * @param {string[]} urls
 * @param {string} prompt
 */
function showPictures(urls, prompt) {
  const made = urls.map((url) => {
    const link = document.createElement("a");
    link.href = url;
    const image = document.createElement("img");
    image.src = url;
    image.alt = word("picture", { prompt });
    link.append(image);
    return link;
  });
  find("[data-made]").replaceChildren(...made);
}

/** @param {boolean} busy */
function setBusy(busy) {
  button.disabled = busy;
  bar.hidden = !busy;
  if (busy) bar.removeAttribute("value");
}

/** @param {string} text */
function say(text) {
  const line = find("[data-said]");
  if (line.textContent !== text) line.textContent = text;
}
