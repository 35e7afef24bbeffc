/** The versions as a tree: each under the one it was made from. Any two are compared, by eye and in figures. */

import { fetchJson, post } from "../../../garden/lib/http.js";
import { gettext } from "../../../garden/lib/i18n.js";
import { cloneTemplate, element, find, findAll } from "../../../garden/lib/page.js";
import { showStatus } from "../../../garden/lib/status.js";
import { config, onClick, pathOf } from "./config.js";
import { CANCELLED, waitFor } from "./edit.js";
import { settings, shownValue } from "./settings.js";
import { isOpen, keepLead, versions } from "./versions.js";

/** @import { Version } from "./versions.js" */

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
/** What is clicked stays where it is while a version is waited for. @type {Map<string, HTMLElement>} */
const rows = new Map();
/** The two that were marked last. @type {string[]} */
let compared = [];
const dialog = /** @type {HTMLDialogElement} */ (find("[data-compare-dialog]"));
const slider = /** @type {HTMLInputElement} */ (find("[data-compare-slider]", dialog));

versions.addEventListener("versions", show);
versions.addEventListener("head", show);
slider.addEventListener("input", slide);
onClick("[data-compare-both]", compare);
show();

function show() {
  for (const version of [null, ...versions.all]) {
    write(rows.get(version?.id ?? OPENED) ?? addRow(version), version);
  }
  for (const button of findAll("[data-needs-version]")) button.toggleAttribute("disabled", !versions.head);
}

/** @param {Version | null} version */
function addRow(version) {
  const row = cloneTemplate("studio-version");
  const id = version?.id ?? OPENED;
  const name = nameOf(version);
  const mark = /** @type {HTMLInputElement} */ (find("[data-compare]", row));
  row.dataset.version = id;
  find("[data-name]", row).textContent = name;
  mark.setAttribute("aria-label", gettext("compare: {name}", { name }));
  mark.addEventListener("change", () => markCompared(id, mark.checked));
  find("[data-withdraw]", row).setAttribute("aria-label", gettext("cancel: {name}", { name }));
  onClick("[data-open]", () => choose(versions.find(id)), row);
  onClick("[data-withdraw]", () => cancel(id), row);
  onClick("[data-retry]", async () => waitFor(await post(pathOf("retry", { version: id }))), row);
  rows.set(id, row);
  const parent = version && rows.get(version.parent ?? OPENED);
  const list = parent
    ? (parent.querySelector(":scope > ul") ?? parent.appendChild(element("ul")))
    : find("[data-tree]");
  list.append(row);
  return row;
}

/** @param {HTMLElement} row @param {Version | null} version */
function write(row, version) {
  const state = version?.state ?? "done";
  const thumb = /** @type {HTMLImageElement} */ (find("[data-thumb]", row));
  const picture = version ? version.picture && `${version.picture}?${THUMB}` : versions.canvas.picture;
  row.dataset.state = state;
  find("[data-about]", row).textContent = version ? aboutOf(version) : "";
  if (picture && !thumb.src) thumb.src = picture;
  if (versions.head === version) find("[data-open]", row).setAttribute("aria-current", "true");
  else find("[data-open]", row).removeAttribute("aria-current");
  find("[data-compare]", row).toggleAttribute("disabled", state !== "done");
  offer(row, "[data-withdraw]", version !== null && isOpen(version));
  offer(row, "[data-retry]", state === "failed" || state === "cancelled");
}

/** A button that goes leaves the focus to its row. @param {HTMLElement} row @param {string} selector @param {boolean} offered */
function offer(row, selector, offered) {
  const button = find(selector, row);
  if (!offered && button === document.activeElement) find("[data-open]", row).focus();
  button.hidden = !offered;
}

/** @param {Version | null} version */
async function choose(version) {
  if (version && version.state !== "done") return showStatus(version.error || STATES[version.state]);
  const before = versions.canvas.head;
  const after = version?.id ?? null;
  if (before === after) return;
  await versions.restore(after);
  if (version) settings.values = version.settings;
  keepLead(gettext("another version"), before, after);
}

/** This one alone: the others of its job go on. @param {string} id */
async function cancel(id) {
  const left = await post(pathOf("cancel", { version: id }));
  versions.put(left);
  if (left.state === "cancelled") showStatus(CANCELLED);
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

/** @param {string} id @param {boolean} on */
function markCompared(id, on) {
  compared = compared.filter((one) => one !== id);
  if (on) compared = [...compared.slice(-1), id];
  for (const [one, row] of rows) {
    /** @type {HTMLInputElement} */ (find("[data-compare]", row)).checked = compared.includes(one);
  }
  find("[data-compare-both]").toggleAttribute("disabled", compared.length !== 2);
}

async function compare() {
  const params = { first: compared[0], second: compared[1] };
  const comparison = await fetchJson(pathOf("compare", { canvas: versions.canvas.id }), { params });
  const names = [comparison.first, comparison.second].map((id) => nameOf(versions.find(id)));
  Object.assign(find("[data-compare-first]", dialog), { src: comparison.first_picture, alt: names[0] });
  Object.assign(find("[data-compare-second]", dialog), { src: comparison.second_picture, alt: names[1] });
  find("[data-compare-names]", dialog).textContent = names.join(" | ");
  find("[data-compare-facts]", dialog).replaceChildren(...factsOf(comparison).map((fact) => element("li", fact)));
  slider.value = "50";
  slide();
  dialog.showModal();
}

function slide() {
  find("[data-compare-second]", dialog).style.clipPath = `inset(0 0 0 ${slider.value}%)`;
}

/** Beside the opened picture, which has none, settings that are not as usual. @param {any} comparison */
function factsOf({ first, second, changed, largest, settings: differences }) {
  const share = new Intl.NumberFormat(config.language, { style: "percent", maximumFractionDigits: 1 }).format(changed);
  const lines = [gettext("{share} of the picture changed, {how}", { share, how: howMuch(largest) })];
  for (const [name, [one, other]] of /** @type {[string, [any, any]][]} */ (Object.entries(differences))) {
    const label = config.labels[name] ?? name;
    const value = one ?? other;
    const isUsual = JSON.stringify(value) === JSON.stringify(config.options.defaults[name]);
    if (first && second) lines.push(`${label}: ${shownValue(name, one)} → ${shownValue(name, other)}`);
    else if (!isUsual) lines.push(`${label}: ${shownValue(name, value)}`);
  }
  return lines;
}

/** @param {number} largest difference of a pixel, 0–255 */
function howMuch(largest) {
  if (largest < 24) return gettext("hardly visibly");
  return largest < 96 ? gettext("slightly") : gettext("clearly");
}
