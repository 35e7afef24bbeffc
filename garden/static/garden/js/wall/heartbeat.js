/** The wall's heartbeat: what it shows, and what is wrong. */

import { Heartbeat } from "../../lib/heartbeat.js";
import { config, ownSlot } from "./config.js";

/** A curator's preview is no screen: it reports nothing. */
const isPreview = new URLSearchParams(location.search).has("preview");
const shown = { key: "", version: 0 };

export const heartbeat = new Heartbeat(isPreview ? "" : config.paths.heartbeat, () => ({
  display: `${config.zone}/${ownSlot}`,
  version: config.version,
  zone_version: shown.version,
  on_screen: shown.key,
}));

/** @param {string} key of the picture on screen, empty for none @param {number} version of the zone that it is from */
export function reportShown(key, version) {
  if (shown.key === key && shown.version === version) return;
  Object.assign(shown, { key, version });
  heartbeat.soon();
}

/** @param {string} about @param {unknown} error */
export function noteProblem(about, error) {
  heartbeat.setProblem(about, `${about}: ${error instanceof Error ? error.message : error}`);
}

/** @param {string} about */
export function clearProblem(about) {
  heartbeat.setProblem(about, "");
}
