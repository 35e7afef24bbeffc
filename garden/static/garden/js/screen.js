/** Pictures as large as this screen needs them. */

import { config } from "./config.js";

const PHONE_SIDE = 640;
const SCREEN_SIDE = 1280;

/** @param {{key: string, url: string}} picture */
export function urlForScreen({ key, url }) {
  if (!key) return url;
  const side = Math.max(innerWidth, innerHeight) * devicePixelRatio > PHONE_SIDE ? SCREEN_SIDE : PHONE_SIDE;
  return `${config.paths.picture}${side}/${key.split("/").map(encodeURIComponent).join("/")}`;
}
