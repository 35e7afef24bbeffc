/** What becomes of a version: a picture of its own, or one in place of the old. And the same edit on other pictures. */

import { fetchJson, post } from "../../../garden/lib/http.js";
import { gettext } from "../../../garden/lib/i18n.js";
import { cloneTemplate, find, openDialog } from "../../../garden/lib/page.js";
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
  const chosen = version && (await openDialog(find("[data-publish-dialog]")));
  if (!chosen) return;
  const kept = await post(pathOf("publish", { version: version.id }), chosen);
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
  const chosen = await openDialog(siblings);
  const count = chosen?.getAll("images").length;
  if (!count) return;
  const { job } = await post(path, chosen);
  const link = Object.assign(document.createElement("a"), { href: pathOf("job", { job }) });
  link.textContent = gettext("Watch them");
  showStatus(gettext("Pictures being repainted: {count}.", { count }));
  find("[data-siblings-job]").replaceChildren(link);
}

/** @param {any} image */
function tileOf({ id, thumb, url }) {
  const tile = cloneTemplate("studio-sibling");
  Object.assign(find("img", tile), { src: thumb ?? url, alt: gettext("picture {id}", { id: String(id) }) });
  /** @type {HTMLInputElement} */ (find("input", tile)).value = String(id);
  return tile;
}
