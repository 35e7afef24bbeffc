import { readJson } from "../lib/page.js";

/**
 * The server's data for the page.
 * @typedef {Object} Config
 * @property {string} language
 * @property {Record<string, Record<string, string>>} words by language, then by key
 * @property {string[]} moods
 * @property {string} version of the page, for the heartbeat
 * @property {number} idleSeconds
 * @property {number} farewellSeconds
 * @property {number} goodbyeSeconds
 * @property {{title: string} | null} wall where pictures go that are sent from here; null: nowhere
 * @property {{readsFaces: boolean, asksConsent: boolean, notice: string, younger: string | null, signed: boolean, forgetsAtGoodbye: boolean, values: Record<string, string | number>}} privacy
 * @property {{heartbeat: string, emotion: string, guess: string, consent: string, forget: string, reading: string, newest: string, garden: string, like: string, grow: string, page: string, file: string, souvenir: string, wall: string, picture: string}} paths
 * @property {{reader: "server" | "in_browser", several: "largest" | "centre" | "refuse"}} reading who reads a face, and which
 * @property {{module: string, models: string, wasm: string}} framing
 * @property {boolean} gives whether visitors take pictures home on their phones
 * @property {boolean} grows whether pictures grow for visitors here
 * @property {string[]} fonts style sheets of the whole fonts, for letters that are not in the page's own words
 */

/** @type {Config} */
export const config = readJson("kiosk-config");

const PHONE_SIDE = 640;
const SCREEN_SIDE = 1280;

/** @param {{key: string, url: string}} picture */
export function urlForScreen({ key, url }) {
  if (!key) return url;
  const side = Math.max(innerWidth, innerHeight) * devicePixelRatio > PHONE_SIDE ? SCREEN_SIDE : PHONE_SIDE;
  return urlOfPicture(key, side);
}

/** @param {string} key @param {number} side the longer one, at most, px */
export function urlOfPicture(key, side) {
  return `${config.paths.picture}${side}/${key.split("/").map(encodeURIComponent).join("/")}`;
}
