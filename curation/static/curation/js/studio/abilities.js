/** What the chosen engine accepts beyond prompt, seed and strength: only that is offered, and only that is sent. */

import { config } from "./given.js";

/** @typedef {{name: string, model: string, abilities: string[]}} Engine */

/** @type {Record<string, string>} the ability that a setting needs */
const NEEDS = {
  negative: "negative",
  steps: "steps",
  guidance: "guidance",
  sampler: "samplers",
  line_weight: "line_art",
  reference_weight: "reference",
};

/**
 * Everything is offered for an engine that the garden did not describe: it refuses by name what cannot be.
 * @param {Record<string, any>} values settings
 * @param {string} ability
 */
export function accepts(values, ability) {
  return engineOf(values)?.abilities.includes(ability) ?? true;
}

/**
 * The settings with what is not accepted as usual.
 * @param {Record<string, any>} values
 */
export function accepted(values) {
  const { defaults } = config.options;
  const one = (/** @type {[string, any]} */ [name, value]) =>
    name in NEEDS && !accepts(values, NEEDS[name]) ? [name, defaults[name]] : [name, value];
  return Object.fromEntries(Object.entries(values).map(one));
}

/**
 * @param {Record<string, any>} values
 * @returns {Engine | undefined}
 */
function engineOf({ engine, model }) {
  const { engines, default_engine: usual } = config.options;
  const named = engines.filter((/** @type {Engine} */ { name }) => name === (engine || usual));
  const of = (/** @type {string} */ wanted) => named.find((/** @type {Engine} */ one) => one.model === wanted);
  return of(model) ?? of("");
}
