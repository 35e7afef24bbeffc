/** The pictures that were made first, beside what they were. */

import { find, word } from "../studio/given.js";

/** @param {import("./watch.js").Batch} batch */
export function showPreview({ preview }) {
  find("[data-previews]").hidden = preview.length === 0;
  const list = find("[data-pairs]");
  for (const item of preview) {
    const pair =
      /** @type {HTMLElement | null} */ (list.querySelector(`[data-number="${item.number}"]`)) ?? begin(list, item);
    finish(pair, item);
  }
}

/**
 * @param {HTMLElement} list
 * @param {import("./items.js").Item} item
 */
function begin(list, item) {
  const template = /** @type {HTMLTemplateElement} */ (document.getElementById("batch-pair"));
  const pair = /** @type {HTMLElement} */ (template.content.firstElementChild?.cloneNode(true));
  pair.dataset.number = String(item.number);
  const before = /** @type {HTMLImageElement} */ (find("[data-before]", pair));
  before.alt = word("before", { name: item.name });
  before.src = item.before;
  list.append(pair);
  return pair;
}

/**
 * @param {HTMLElement} pair
 * @param {import("./items.js").Item} item
 */
function finish(pair, item) {
  pair.dataset.state = item.state;
  const after = /** @type {HTMLImageElement} */ (find("[data-after]", pair));
  const why = find("[data-why]", pair);
  why.hidden = item.after !== null;
  why.textContent = item.reason || word(`state_${item.state}`);
  if (!item.after || after.getAttribute("src") === item.after) return;
  after.alt = word("after", { name: item.name });
  after.src = item.after;
  after.hidden = false;
}
