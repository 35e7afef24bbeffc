/** Opening a picture: one of the garden's by its number, or a file from here. Leads to the editor. */

import { post } from "../../../garden/lib/http.js";
import { find } from "../../../garden/lib/page.js";
import { showStatus } from "../../../garden/lib/status.js";
import { config, pathOf, trying } from "./config.js";

const form = /** @type {HTMLFormElement | null} */ (find("[data-open-form]"));

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  const chosen = new FormData(form);
  const file = /** @type {File} */ (chosen.get("file"));
  const image = Number(chosen.get("image"));
  chosen.delete("image");
  chosen.set("title", file.name);
  if (file.size) void trying(() => open(chosen));
  else if (image) void trying(() => open({ image }));
  else showStatus(form.dataset.empty ?? "", "error");
});
if (config.image) void trying(() => open({ image: config.image }));

/** @param {FormData | {image: number}} chosen */
async function open(chosen) {
  const { id } = await post(pathOf("canvases"), chosen);
  location.replace(`${location.pathname}?canvas=${id}`);
}
