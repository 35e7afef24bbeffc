/** The page that tries a prompt. */

import { ApiError, fetchJson } from "../../../garden/lib/http.js";
import { errorSentence, find, pause, setText } from "../../../garden/lib/page.js";
import { config, word } from "./config.js";
import { remember, startHistory } from "./history.js";
import { choose, startSizes } from "./sizes.js";

const form = /** @type {HTMLFormElement} */ (find("[data-form]"));
const button = /** @type {HTMLButtonElement} */ (find("[data-make]"));
const bar = /** @type {HTMLProgressElement} */ (find("[data-progress]"));
const WORDS = ["text", "negative", "engine"];
const GLANCE_MS = 1000;
const LONGEST_MS = 600_000;

startSizes();
startHistory(takeAgain);
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
  showStatus(word("making"));
  try {
    const { urls, seconds } = await make(askedIn(fields), showProgress);
    showPictures(urls, fields.text);
    showStatus(word("made", { seconds: seconds.toFixed(1) }));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    showStatus(errorSentence(error, word));
  } finally {
    setBusy(false);
  }
}

/**
 * @param {Record<string, unknown>} asked
 * @param {(done: number, all: number) => void} onProgress
 * @returns {Promise<{urls: string[], seconds: number}>}
 */
async function make(asked, onProgress) {
  const begun = performance.now();
  const answer = await fetchJson(config.make, { data: asked, timeoutMs: LONGEST_MS });
  const urls = "job" in answer ? await waitFor(answer.job, onProgress) : JSON.parse(answer.body);
  return { urls, seconds: (performance.now() - begun) / 1000 };
}

/**
 * @param {string} job
 * @param {(done: number, all: number) => void} onProgress
 * @returns {Promise<string[]>}
 */
async function waitFor(job, onProgress) {
  for (;;) {
    const { slots, pictures, reasons } = await fetchJson(config.progress.replace("{job}", job));
    onProgress(slots.done, slots.all);
    const ended = slots.done + slots.failed + (slots.cancelled ?? 0) >= slots.all;
    if (ended && slots.done === 0) throw new ApiError(422, reasons[0]);
    if (ended) return pictures.map((/** @type {{url: string}} */ { url }) => url);
    await pause(GLANCE_MS);
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
  showStatus(word("waiting", { done, all }));
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
function showStatus(text) {
  setText(find("[data-status]"), text);
}
