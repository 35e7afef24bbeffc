/** What becomes of a version: a picture of its own, or one in place of the old. And the same edit on its siblings. */

import { fetchJson, post } from "../../../garden/lib/http.js";
import { gettext } from "../../../garden/lib/i18n.js";
import { find, findAll } from "../../../garden/lib/page.js";
import { config, pathOf } from "./config.js";
import { showStatus, trying } from "./status.js";

/** @import { Versions } from "./versions.js" */

/** @param {Versions} versions */
export function startPublishing(versions) {
  const dialog = /** @type {HTMLDialogElement} */ (find("[data-publish-dialog]"));
  const form = /** @type {HTMLFormElement} */ (find("form", dialog));
  find("[data-publish]").addEventListener("click", () => dialog.showModal());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const chosen = new FormData(form);
    dialog.close();
    void trying(() => publish(versions, chosen));
  });
}

/** @param {Versions} versions @param {FormData} chosen */
async function publish(versions, chosen) {
  const version = versions.head;
  if (!version) return;
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

/** @param {Versions} versions */
export function startSiblings(versions) {
  const dialog = /** @type {HTMLDialogElement} */ (find("[data-siblings-dialog]"));
  const form = /** @type {HTMLFormElement} */ (find("form", dialog));
  const list = find("[data-siblings]", dialog);
  const template = /** @type {HTMLTemplateElement} */ (/** @type {unknown} */ (find("#studio-sibling")));

  async function open() {
    const version = versions.head;
    if (!version) return;
    const { images } = await fetchJson(pathOf("siblings", { version: version.id }));
    find("[data-siblings-none]", dialog).hidden = images.length > 0;
    list.replaceChildren(...images.map(row));
    dialog.showModal();
  }

  /** @param {any} image */
  function row({ id, thumb, url }) {
    const item = /** @type {HTMLElement} */ (template.content.firstElementChild?.cloneNode(true));
    const picture = /** @type {HTMLImageElement} */ (find("img", item));
    picture.src = thumb ?? url;
    picture.alt = gettext("picture {id}", { id: String(id) });
    /** @type {HTMLInputElement} */ (find("input", item)).value = String(id);
    return item;
  }

  async function run() {
    const version = versions.head;
    const images = /** @type {HTMLInputElement[]} */ (findAll("input:checked", list)).map((box) => Number(box.value));
    if (!version || !images.length) return;
    const { job } = await post(pathOf("siblings", { version: version.id }), { images });
    showStatus(gettext("Pictures being repainted: {count}.", { count: images.length }));
    find("[data-siblings-job]").replaceChildren(linkTo(job));
  }

  find("[data-siblings-open]").addEventListener("click", () => void trying(open));
  find("[data-batch]").addEventListener("click", () => {
    if (versions.head) location.assign(`${config.paths.batch}?${new URLSearchParams({ version: versions.head.id })}`);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    dialog.close();
    void trying(run);
  });
}

/** @param {string} job */
function linkTo(job) {
  const link = document.createElement("a");
  link.href = pathOf("job", { job });
  link.textContent = gettext("Watch them");
  return link;
}
