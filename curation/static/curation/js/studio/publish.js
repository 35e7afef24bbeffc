/** What becomes of a version: a picture of its own, or one in place of the old. And the same edit on other pictures. */

import { fetchJson, post } from "../../../garden/lib/http.js";
import { gettext } from "../../../garden/lib/i18n.js";
import { cloneTemplate, find, findAll, openDialog } from "../../../garden/lib/page.js";
import { showStatus } from "../status.js";
import { config, onClick, pathOf } from "./config.js";
import { versions } from "./versions.js";

const siblings = /** @type {HTMLDialogElement} */ (find("[data-siblings-dialog]"));

onClick("[data-publish]", publish);
onClick("[data-siblings-open]", repaintSiblings);
find("[data-batch]").addEventListener("click", () => {
  if (versions.head) location.assign(`${config.paths.batch}?${new URLSearchParams({ version: versions.head.id })}`);
});

async function publish() {
  const version = versions.head;
  const dialog = /** @type {HTMLDialogElement} */ (find("[data-publish-dialog]"));
  if (!version || (await openDialog(dialog)) !== "yes") return;
  const chosen = new FormData(/** @type {HTMLFormElement} */ (find("form", dialog)));
  const kept = await post(pathOf("publish", { version: version.id }), {
    place: chosen.get("place"),
    serve: chosen.get("serve") === "on",
    emotion: chosen.get("emotion") || undefined,
    favorite: chosen.get("favorite") || undefined,
    note: chosen.get("note") || "",
  });
  versions.put({ ...version, image: kept.image });
  showStatus(gettext("Kept as {key}", { key: kept.key }));
}

async function repaintSiblings() {
  const version = versions.head;
  if (!version) return;
  const path = pathOf("siblings", { version: version.id });
  const { images } = await fetchJson(path);
  find("[data-siblings-none]", siblings).hidden = images.length > 0;
  find("[data-siblings]", siblings).replaceChildren(...images.map(tileOf));
  if ((await openDialog(siblings)) !== "yes") return;
  const boxes = /** @type {HTMLInputElement[]} */ (findAll("input:checked", siblings));
  if (!boxes.length) return;
  const { job } = await post(path, { images: boxes.map((box) => Number(box.value)) });
  const link = Object.assign(document.createElement("a"), { href: pathOf("job", { job }) });
  link.textContent = gettext("Watch them");
  showStatus(gettext("Pictures being repainted: {count}.", { count: boxes.length }));
  find("[data-siblings-job]").replaceChildren(link);
}

/** @param {any} image */
function tileOf({ id, thumb, url }) {
  const tile = cloneTemplate("studio-sibling");
  Object.assign(find("img", tile), { src: thumb ?? url, alt: gettext("picture {id}", { id: String(id) }) });
  /** @type {HTMLInputElement} */ (find("input", tile)).value = String(id);
  return tile;
}
