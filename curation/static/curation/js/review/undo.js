/** What can be taken back, the last thing first; it outlives a reload of this tab. */

import { gettext, interpolate } from "../../../garden/lib/i18n.js";
import { find } from "../../../garden/lib/page.js";
import { config, wordsOf } from "./config.js";

/**
 * @typedef {import("./config.js").Vote & {kind: "decision", image: number}} DecisionStep the vote that was before
 * @typedef {{kind: "operation", id: string, what: string, count: number}} OperationStep
 * @typedef {DecisionStep | OperationStep} Step
 */

const STORAGE_KEY = `curation.past.${config.user}.${config.filter.state}`;
const MOST = 500;
/** @type {Step[]} */
const steps = JSON.parse(sessionStorage.getItem(STORAGE_KEY) ?? "[]");

/** @param {Step} step */
export function addStep(step) {
  steps.push(step);
  if (steps.length > MOST) steps.shift();
  keep();
}

export function lastStep() {
  return steps.at(-1);
}

export function dropStep() {
  steps.pop();
  keep();
}

function keep() {
  try {
    sessionStorage.setItem(STORAGE_KEY, JSON.stringify(steps));
  } catch {
    // Without room it lasts as long as the page.
  }
  show();
}

function show() {
  const step = lastStep();
  const button = /** @type {HTMLButtonElement} */ (find('[data-action="undo"]'));
  button.disabled = !step;
  find(".undo-what", button).textContent =
    step?.kind === "operation" ? interpolate(wordsOf(step.what).undo, { count: step.count }) : gettext("Undo");
}

show();
