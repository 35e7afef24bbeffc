/** Any two versions side by side, under one slider, and what differs in figures. */

import { fetchJson } from "../../../garden/lib/http.js";
import { gettext } from "../../../garden/lib/i18n.js";
import { find } from "../../../garden/lib/page.js";
import { config, pathOf } from "./config.js";
import { shownValue } from "./settings.js";
import { trying } from "./status.js";

/** @import { Versions } from "./versions.js" */

/** @param {Versions} versions */
export function startComparing(versions) {
  /** @type {string[]} */
  let chosen = [];
  const button = /** @type {HTMLButtonElement} */ (find("[data-compare-both]"));
  const dialog = /** @type {HTMLDialogElement} */ (find("[data-compare-dialog]"));
  const slider = /** @type {HTMLInputElement} */ (find("[data-compare-slider]", dialog));
  const over = find("[data-compare-second]", dialog);

  const show = () => {
    button.disabled = chosen.length !== 2;
  };
  const slide = () => {
    over.style.clipPath = `inset(0 0 0 ${slider.value}%)`;
  };
  slider.addEventListener("input", slide);
  button.addEventListener("click", () => void trying(open));

  async function open() {
    const asked = new URLSearchParams({ first: chosen[0], second: chosen[1] });
    const comparison = await fetchJson(`${pathOf("compare", { canvas: versions.canvas.id })}?${asked}`);
    draw(find("[data-compare-first]", dialog), comparison.first_picture, nameOf(comparison.first));
    draw(over, comparison.second_picture, nameOf(comparison.second));
    find("[data-compare-names]", dialog).textContent = `${nameOf(comparison.first)} | ${nameOf(comparison.second)}`;
    find("[data-compare-facts]", dialog).replaceChildren(...factsOf(comparison));
    slider.value = "50";
    slide();
    dialog.showModal();
  }

  /** @param {string | null} id */
  function nameOf(id) {
    const version = versions.find(id);
    return version ? gettext("Version {number}", { number: version.number }) : gettext("As it was opened");
  }

  show();
  return {
    /** @param {string} id */
    has: (id) => chosen.includes(id),
    /** The two that were marked last count. @param {string} id @param {boolean} on */
    mark(id, on) {
      chosen = chosen.filter((one) => one !== id);
      if (on) chosen = [...chosen.slice(-1), id];
      for (const box of document.querySelectorAll("[data-version] > .version-row [data-compare]")) {
        const row = /** @type {HTMLElement} */ (box.closest("[data-version]"));
        /** @type {HTMLInputElement} */ (box).checked = chosen.includes(row.dataset.version ?? "");
      }
      show();
    },
  };
}

/** @param {HTMLElement} image @param {string} address @param {string} name */
function draw(image, address, name) {
  const picture = /** @type {HTMLImageElement} */ (image);
  picture.src = address;
  picture.alt = name;
}

/** @param {any} comparison */
function factsOf({ first, second, changed, largest, settings }) {
  const share = new Intl.NumberFormat(config.language, { style: "percent", maximumFractionDigits: 1 }).format(changed);
  const lines = [gettext("{share} of the picture changed, {how}", { share, how: howMuch(largest) })];
  const values = /** @type {[string, [any, any]][]} */ (Object.entries(settings));
  for (const [name, [one, other]] of values) {
    const label = config.labels[name] ?? name;
    if (first && second) lines.push(`${label}: ${shownValue(name, one)} → ${shownValue(name, other)}`);
    else if (isChosen(name, one ?? other)) lines.push(`${label}: ${shownValue(name, one ?? other)}`);
  }
  return lines.map((line) => {
    const item = document.createElement("li");
    item.textContent = line;
    return item;
  });
}

/** @param {number} largest difference of a pixel, 0–255 */
function howMuch(largest) {
  if (largest < 24) return gettext("hardly visibly");
  return largest < 96 ? gettext("slightly") : gettext("clearly");
}

/**
 * The opened picture has no settings: beside it stand those of the version that are not as usual.
 * @param {string} name
 * @param {any} value
 */
function isChosen(name, value) {
  return JSON.stringify(value) !== JSON.stringify(config.options.defaults[name]);
}
