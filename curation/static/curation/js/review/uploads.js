/** Files dropped on the page, or chosen, become pictures of the pool, one after the other. */

import { ApiError, post } from "../../../garden/lib/http.js";
import { gettext } from "../../../garden/lib/i18n.js";
import { find } from "../../../garden/lib/page.js";
import { showStatus } from "../../../garden/lib/status.js";
import { explain, hideProgress, showProgress } from "./bar.js";
import { config } from "./config.js";

export function listenForFiles() {
  if (!config.may.upload) return;
  const input = /** @type {HTMLInputElement} */ (find("#upload"));
  find("[data-upload]").addEventListener("click", () => input.click());
  input.addEventListener("change", () => void upload([...(input.files ?? [])], input.accept));
  document.addEventListener("dragover", (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    document.body.classList.add("is-dropping");
  });
  document.addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) document.body.classList.remove("is-dropping");
  });
  document.addEventListener("drop", (event) => {
    document.body.classList.remove("is-dropping");
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    void upload(files, input.accept);
  });
}

/** They get the emotion and favorite of the filter. @param {File[]} files @param {string} accepted types */
async function upload(files, accepted) {
  const pictures = files.filter((file) => accepted.split(",").includes(file.type));
  const refused = files.filter((file) => !pictures.includes(file)).map((file) => file.name);
  const labels = labelsOfFilter();
  let newest = 0;
  for (const [done, file] of pictures.entries()) {
    showProgress({ done, total: pictures.length });
    const data = new FormData();
    data.append("file", file);
    for (const [name, value] of Object.entries(labels)) data.append(name, value);
    try {
      newest = Math.max(newest, (await post(config.paths.images, data)).id);
    } catch (error) {
      if (!(error instanceof ApiError) || error.kind !== "refused") {
        hideProgress();
        return showStatus(gettext("Uploaded: {done} of {total}. Try the others again.", { done, total: files.length }));
      }
      refused.push(`${file.name}: ${error.detail}`);
    }
  }
  hideProgress();
  if (refused.length > 0) explain(gettext("No JPEG, PNG or WebP picture: {files}", { files: refused.join(", ") }));
  else if (newest) location.assign(`?${new URLSearchParams({ ...labels, state: "pool", at: String(newest) })}`);
}

function labelsOfFilter() {
  /** @type {Record<string, string>} */
  const labels = {};
  const { emotion, favorite } = config.filter;
  if (!emotion || emotion === "none") return labels;
  labels.emotion = emotion;
  if (favorite && favorite !== "none") labels.favorite = favorite;
  return labels;
}
