/** One photo, and everything that is read in it. Files are sent as they are. */

import { closeCamera, openCamera, takeFrame } from "../camera.js";
import { config } from "../config.js";
import { word } from "../words.js";
import { ask, find, sentenceOf } from "./page.js";
import { showReading } from "./reading.js";

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
    say("");
  } catch {
    stopLooking();
    find("[data-photo-box]").hidden = true;
    say(word("camera_off"));
  }
}

function stopLooking() {
  closeCamera(video);
  take.hidden = true;
}

/** @param {Promise<Blob>} taking */
async function read(taking) {
  say(word("asking"));
  find("[data-answer]").hidden = true;
  try {
    const content = await taking;
    stopLooking();
    showPhoto(content);
    await send(content);
  } catch {
    say(word("photo_broken"));
  }
}

/** @param {Blob} content */
async function send(content) {
  const id = visitor.value.trim();
  const headers = { "Content-Type": content.type || "application/octet-stream", ...(id ? { "X-user-id": id } : {}) };
  const answer = await ask(config.paths.emotion, content, headers);
  say(answer.status === 404 ? `${word("no_face")} ${sentenceOf(answer)}` : sentenceOf(answer));
  if (answer.status === 200) showReading(answer);
}

/** @param {Blob} content */
function showPhoto(content) {
  if (photo.src) URL.revokeObjectURL(photo.src);
  photo.src = URL.createObjectURL(content);
  show(photo);
}

/** @param {HTMLElement} shown */
function show(shown) {
  find("[data-photo-box]").hidden = false;
  video.hidden = shown !== video;
  photo.hidden = shown !== photo;
}

/** @param {string} text */
function say(text) {
  find("[data-said]").textContent = text;
}
