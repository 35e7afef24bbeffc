/** Another version on the bench, as a step that can be undone. */

import { trying } from "./said.js";

/**
 * @param {import("./bench.js").Bench} bench
 * @param {import("./versions.js").Versions} versions
 * @param {string} name what the step is called
 * @param {string | null} before the version that was on the bench; null is the picture as it was opened
 * @param {string | null} after
 */
export function keepLead(bench, versions, name, before, after) {
  const lead = (/** @type {string | null} */ id) => () => void trying(() => versions.restore(id));
  bench.steps.add({ name, undo: lead(before), redo: lead(after) });
}
