/** Asking the curator in a dialog: before many pictures move, for labels and for collections. */

import { gettext, interpolate } from "../../../garden/lib/i18n.js";
import { find, findAll, openDialog } from "../../../garden/lib/page.js";

/** @typedef {"this" | "marked" | "all"} Which pictures @typedef {Record<Which, number>} Counts */

/** @type {HTMLDialogElement} */
const question = find("#question");
const schedule = /** @type {HTMLInputElement} */ (find("[name=schedule]", question));
/** There is none without a wall. */
const wall = /** @type {HTMLSelectElement | null} */ (find("[name=wall]", question));
/** @type {Record<Which, string>} */
const CHOICES = {
  this: gettext("this picture"),
  marked: gettext("the {count} marked"),
  all: gettext("all {count} of this filter"),
};

// What is published later cannot be shown now.
schedule.addEventListener("input", () => {
  if (wall) wall.disabled = Boolean(schedule.value);
});

/** The garden's own reason why it did nothing; it may be long, and stays until it is read. @param {string} reason */
export function explain(reason) {
  find(".notice-text").textContent = reason;
  /** @type {HTMLDialogElement} */ (find("#notice")).showModal();
}

/**
 * @param {Record<string, string>} words
 * @param {number} count
 * @param {boolean} marked whether it is about the marked pictures, or those of the filter
 * @returns {Promise<{note: string, schedule: string | null, wall: string} | null>} null when it was cancelled
 */
export async function confirmMany(words, count, marked) {
  if (wall) wall.disabled = false;
  const scope = marked ? gettext("Only the marked pictures.") : gettext("Only the pictures of this filter.");
  find(".question-title").textContent = interpolate(marked ? words.askMarked : words.ask, { count });
  find(".question-hint", question).textContent = `${words.hint} ${scope}`;
  find(".question-yes").textContent = interpolate(words.yes, { count });
  for (const part of findAll(".question-later, .question-wall", question)) part.hidden = words.operation !== "publish";
  const answer = await ask(question);
  if (!answer) return null;
  const when = answer.schedule ? new Date(answer.schedule).toISOString() : null;
  return { note: answer.note, schedule: when, wall: answer.wall ?? "" };
}

/** @param {Counts} counts @returns {Promise<{which: string, labels: Record<string, string>} | null>} null: nothing changes */
export async function askLabels(counts) {
  const answer = await askWhich(find("#label"), counts);
  if (!answer) return null;
  /** @type {Record<string, string>} */
  const labels = {};
  if (answer.emotion) labels.emotion = answer.emotion;
  if (answer.none || answer.favorite) labels.favorite = answer.none ? "" : answer.favorite;
  return Object.keys(labels).length > 0 ? { which: answer.which, labels } : null;
}

/** The name of a collection, and whether to take the pictures out of it. @param {Counts} counts */
export function askCollection(counts) {
  return askWhich(find("#collect"), counts);
}

/** @param {HTMLDialogElement} dialog @param {Counts} counts a choice of no picture is not offered */
function askWhich(dialog, counts) {
  const field = /** @type {HTMLSelectElement} */ (find("[name=which]", dialog));
  for (const option of field.options) {
    const count = counts[/** @type {Which} */ (option.value)];
    option.textContent = interpolate(CHOICES[/** @type {Which} */ (option.value)], { count });
    option.disabled = count === 0;
    option.defaultSelected = option.value === (counts.marked > 0 ? "marked" : "this");
  }
  return ask(dialog);
}

/** What the fields of the dialog say; null if it was cancelled. @param {HTMLDialogElement} dialog */
async function ask(dialog) {
  const data = await openDialog(dialog);
  return data && Object.fromEntries([...data].map(([name, value]) => [name, String(value).trim()]));
}
