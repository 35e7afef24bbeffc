/** Opening a picture: one of the garden's by its number, or a file from here. Leads to the editor. */

import { post } from "../../../garden/lib/http.js";
import { find } from "../../../garden/lib/page.js";
import { config, pathOf } from "./config.js";
import { showStatus, trying } from "./status.js";

const form = /** @type {HTMLFormElement | null} */ (document.querySelector("[data-open-form]"));

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  void trying(() => open(new FormData(form)));
});
if (config.image) void trying(() => lead(post(pathOf("canvases"), { image: config.image })));

/** @param {FormData} chosen */
async function open(chosen) {
  const file = chosen.get("file");
  if (file instanceof File && file.size) {
    const body = new FormData();
    body.set("file", file, file.name);
    body.set("title", file.name);
    return lead(post(pathOf("canvases"), body));
  }
  const image = Number(chosen.get("image"));
  if (image) return lead(post(pathOf("canvases"), { image }));
  showStatus(find("[data-open-form]").dataset.empty ?? "", "error");
}

/** @param {Promise<any>} opened */
async function lead(opened) {
  const { id } = await opened;
  location.replace(`${location.pathname}?canvas=${id}`);
}
