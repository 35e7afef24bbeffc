/** Short links of liked pictures, asked for when they are liked: the gift shows its code at once. */

import { askSouvenir } from "./api.js";
import { onForget } from "./visit.js";

/**
 * @typedef {{url: string, code: string}} Souvenir both empty where no phone could follow the link
 * @type {Map<string, Promise<Souvenir>>}
 */
const souvenirs = new Map();

onForget(() => souvenirs.clear());

/**
 * @param {{key: string}} picture
 * @returns {Promise<Souvenir>}
 */
export function fetchSouvenir({ key }) {
  const known = souvenirs.get(key);
  if (known) return known;
  const asked = ask(key);
  souvenirs.set(key, asked);
  // What failed is asked for again by the next who wants it.
  asked.catch(() => souvenirs.delete(key));
  return asked;
}

/**
 * @param {string} key
 * @returns {Promise<Souvenir>}
 */
async function ask(key) {
  const { url, code_svg: drawing } = await askSouvenir(key);
  return { url, code: drawing && `data:image/svg+xml,${encodeURIComponent(drawing)}` };
}
