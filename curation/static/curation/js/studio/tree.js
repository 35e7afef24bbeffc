/** The versions as a tree: each under the one it was made from. */

import { post } from "../../../garden/lib/http.js";
import { gettext } from "../../../garden/lib/i18n.js";
import { find, findAll } from "../../../garden/lib/page.js";
import { startComparing } from "./comparing.js";
import { config, pathOf } from "./config.js";
import { showStatus, trying } from "./status.js";
import { isOpen, keepLead } from "./versions.js";

/** @import { Editor } from "./editor.js" */
/** @import { Versions, Version } from "./versions.js" */

const OPENED = "original";
const THUMB = new URLSearchParams({ type: "webp", side: "160" });
/** @type {Record<string, string>} */
const STATES = {
  queued: gettext("waiting"),
  paused: gettext("paused"),
  leased: gettext("being made"),
  failed: gettext("failed"),
  cancelled: gettext("cancelled"),
};

/** @param {Editor} editor @param {import("./settings.js").Settings} settings @param {Versions} versions */
export function startTree(editor, settings, versions) {
  const list = find("[data-tree]");
  const template = /** @type {HTMLTemplateElement} */ (/** @type {unknown} */ (find("#studio-version")));
  const compare = startComparing(versions);
  /** @type {Map<string, HTMLElement>} what is clicked stays where it is while a version is waited for */
  const rows = new Map();

  /** @param {Version | null} version */
  function hang(version) {
    const item = /** @type {HTMLElement} */ (template.content.firstElementChild?.cloneNode(true));
    const id = version?.id ?? OPENED;
    const name = nameOf(version);
    const mark = /** @type {HTMLInputElement} */ (find("[data-compare]", item));
    const withdraw = find("[data-withdraw]", item);
    item.dataset.version = id;
    find("[data-name]", item).textContent = name;
    find("[data-open]", item).addEventListener("click", () => void trying(() => choose(versions.find(id))));
    mark.setAttribute("aria-label", gettext("compare: {name}", { name }));
    mark.addEventListener("change", () => compare.mark(id, mark.checked));
    withdraw.setAttribute("aria-label", gettext("cancel: {name}", { name }));
    withdraw.addEventListener("click", () => void trying(() => cancel(id)));
    find("[data-retry]", item).addEventListener("click", () => void trying(() => again(id)));
    rows.set(id, item);
    const parent = rows.get(version?.parent ?? OPENED);
    if (parent && version) below(parent).append(item);
    else list.append(item);
  }

  /** @param {Version | null} version */
  function write(version) {
    const id = version?.id ?? OPENED;
    const item = /** @type {HTMLElement} */ (rows.get(id));
    const state = version?.state ?? "done";
    const mark = /** @type {HTMLInputElement} */ (find("[data-compare]", item));
    item.dataset.state = state;
    find("[data-about]", item).textContent = version ? aboutOf(version) : "";
    const thumb = /** @type {HTMLImageElement} */ (find("[data-thumb]", item));
    const picture = version ? version.picture && `${version.picture}?${THUMB}` : versions.canvas.picture;
    if (picture && !thumb.src) thumb.src = picture;
    const open = find("[data-open]", item);
    if (versions.canvas.head === (version?.id ?? null)) open.setAttribute("aria-current", "true");
    else open.removeAttribute("aria-current");
    mark.checked = compare.has(id);
    mark.disabled = state !== "done";
    offer(item, "[data-withdraw]", version !== null && isOpen(version));
    offer(item, "[data-retry]", state === "failed" || state === "cancelled");
  }

  /** @param {Version | null} version */
  async function choose(version) {
    if (version && version.state !== "done") return showStatus(version.error || STATES[version.state]);
    const before = versions.canvas.head;
    const after = version?.id ?? null;
    if (before === after) return;
    await versions.restore(after);
    if (version) settings.values = version.settings;
    keepLead(editor, versions, gettext("another version"), before, after);
  }

  /** This one alone: the others of its job go on. @param {string} id */
  async function cancel(id) {
    const left = await post(pathOf("cancel", { version: id }));
    versions.put(left);
    if (left.state === "cancelled") showStatus(gettext("It was cancelled. Nothing has changed."));
  }

  /** @param {string} id */
  async function again(id) {
    const queued = await post(pathOf("retry", { version: id }));
    versions.put(queued);
    showStatus(gettext("It is being repainted …"));
    const made = await versions.wait(queued);
    if (made.state === "done") take(made);
    else if (made.state === "cancelled") showStatus(gettext("It was cancelled. Nothing has changed."));
    else showStatus(gettext("It failed: {why}", { why: made.error }), "error");
  }

  /** As the garden does: what came late is on the editor only where its parent still was. @param {Version} version */
  function take({ id, number, parent }) {
    if (versions.canvas.head !== parent)
      return showStatus(gettext("Version {number} is made. Choose it in the list to see it.", { number }));
    versions.lead(id);
    editor.uncover();
    keepLead(editor, versions, gettext("version {number}", { number }), parent, id);
    showStatus(gettext("Version {number} is open in the editor.", { number }));
  }

  function show() {
    for (const version of [null, ...versions.all]) {
      if (!rows.has(version?.id ?? OPENED)) hang(version);
      write(version);
    }
    for (const button of findAll("[data-needs-version]")) {
      /** @type {HTMLButtonElement} */ (button).disabled = !versions.head;
    }
  }
  versions.addEventListener("versions", show);
  versions.addEventListener("head", show);
  show();
}

/** Where the versions are that were made from one. @param {HTMLElement} item */
function below(item) {
  const known = item.querySelector(":scope > ul");
  if (known) return known;
  const list = document.createElement("ul");
  item.append(list);
  return list;
}

/**
 * A button that goes while it has the focus leaves it to its row.
 * @param {HTMLElement} item
 * @param {string} selector
 * @param {boolean} offered
 */
function offer(item, selector, offered) {
  const button = find(selector, item);
  if (!offered && button === document.activeElement) find("[data-open]", item).focus();
  button.hidden = !offered;
}

/** @param {Version | null} version */
function nameOf(version) {
  return version ? gettext("Version {number}", { number: version.number }) : gettext("As it was opened");
}

/** @param {Version} version */
function aboutOf({ state, by, created_at, opacity, progress, error }) {
  if (state === "leased") return `${Math.round(progress * 100)} %`;
  if (state !== "done") return error || STATES[state];
  const when = new Date(created_at).toLocaleString(config.language, { dateStyle: "short", timeStyle: "short" });
  const faded = opacity < 1 ? `${Math.round(opacity * 100)} %` : "";
  return [by, when, faded].filter(Boolean).join(" · ");
}
