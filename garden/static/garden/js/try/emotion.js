/** One photo, and everything that is read in it. Files are sent as they are. */

import { gettext } from "../../lib/i18n.js";
import { cloneTemplate, find } from "../../lib/page.js";
import { showStatus } from "../../lib/status.js";
import { closeCamera, openCamera, takeFrame } from "../camera.js";
import { config } from "../config.js";
import { names, sentenceOf, timedFetch } from "./page.js";

const video = /** @type {HTMLVideoElement} */ (find("[data-camera]"));
const photo = /** @type {HTMLImageElement} */ (find("[data-photo]"));
const input = /** @type {HTMLInputElement} */ (find("[data-file]"));
const visitor = /** @type {HTMLInputElement} */ (find("[data-visitor]"));
const take = /** @type {HTMLButtonElement} */ (find('[data-action="take"]'));

find('[data-action="camera"]').addEventListener("click", () => void look());
find('[data-action="choose"]').addEventListener("click", () => input.click());
take.addEventListener("click", () => void read(takeFrame(video)));
input.addEventListener("change", () => {
  const [file] = input.files ?? [];
  input.value = "";
  if (file) void read(Promise.resolve(file));
});
addEventListener("pagehide", stopLooking);

async function look() {
  show(video);
  try {
    await openCamera(video);
    take.hidden = false;
    take.focus();
    showStatus("");
  } catch {
    stopLooking();
    find("[data-photo-box]").hidden = true;
    showStatus(gettext("No camera can be used here. Choose a photo instead."));
  }
}

function stopLooking() {
  closeCamera(video);
  take.hidden = true;
}

/** @param {Promise<Blob>} taking */
async function read(taking) {
  showStatus(gettext("Waiting for the response …"));
  find("[data-answer]").hidden = true;
  try {
    const content = await taking;
    stopLooking();
    URL.revokeObjectURL(photo.src);
    photo.src = URL.createObjectURL(content);
    show(photo);
    await send(content);
  } catch {
    showStatus(gettext("This photo cannot be opened."));
  }
}

/** @param {Blob} content */
async function send(content) {
  const id = visitor.value.trim();
  const headers = { "Content-Type": content.type || "application/octet-stream", ...(id ? { "X-user-id": id } : {}) };
  const answer = await timedFetch(config.paths.emotion, { method: "POST", body: content, headers });
  const noFace = answer.status === 404 ? `${gettext("No face was found in this photo.")} ` : "";
  showStatus(noFace + sentenceOf(answer));
  if (answer.status === 200) showReading(answer);
}

/** @param {HTMLElement} shown */
function show(shown) {
  find("[data-photo-box]").hidden = false;
  video.hidden = shown !== video;
  photo.hidden = shown !== photo;
}

const percent = new Intl.NumberFormat(document.documentElement.lang, { style: "percent", maximumFractionDigits: 1 });

/** @param {import("./page.js").Answered} answer */
function showReading({ data, text }) {
  const mood = data.emotions.toLowerCase();
  find("[data-looks]").textContent = gettext("Looks {mood}", { mood: names.emotion[mood] });
  for (const glyph of document.querySelectorAll(".try-mood .glyph")) {
    glyph.classList.toggle("is-read", glyph.getAttribute("data-mood") === mood);
  }
  const scores = /** @type {[string, number][]} */ (Object.entries(data.emotionScores));
  find("[data-scores]").replaceChildren(...scores.sort((a, b) => b[1] - a[1]).map(bar));
  find("[data-fields]").replaceChildren(...fieldsOf(data).map(row));
  find("[data-raw]").textContent = JSON.stringify(JSON.parse(text), null, 2);
  find("[data-answer]").hidden = false;
}

/** @param {[string, number]} score */
function bar([mood, share]) {
  const item = cloneTemplate("score-template");
  item.dataset.mood = mood;
  find("[data-name]", item).textContent = names.emotion[mood];
  find("[data-share]", item).style.setProperty("--share", String(share));
  find("output", item).textContent = percent.format(share);
  return item;
}

/**
 * Everything but the scores, which have their bars; each measure of the quality has a line.
 * @param {Record<string, any>} data
 */
function fieldsOf({ emotionScores, quality, ...fields }) {
  for (const [name, value] of Object.entries(quality ?? {})) fields[`quality.${name}`] = value;
  return Object.entries(fields);
}

/** @param {string} name @param {any} value */
function shown(name, value) {
  if (typeof value === "boolean") return value ? gettext("yes") : gettext("no");
  if (name === "ageRange") return `${value.Low} – ${value.High}`;
  if (name === "generation" || name === "gender") return `${value} (${names[name][value]})`;
  if (name === "confidence") return percent.format(value);
  return String(value ?? "") || "–";
}

/** @param {[string, any]} field */
function row([name, value]) {
  const line = cloneTemplate("field-template");
  find("[data-name]", line).textContent = name;
  find("[data-value]", line).textContent = shown(name, value);
  return line;
}
