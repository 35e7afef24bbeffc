/**
 * What may be believed: a manifest by its signature, a picture by its SHA-256. Browsers do neither on plain http;
 * there nothing that comes over the network can be told from a forgery, the page itself included.
 */

import { config } from "./config.js";

/**
 * A manifest as it travels.
 * @typedef {Object} Signed
 * @property {string} payload JSON text
 * @property {string} signature base64url of r and s
 */

const CURVE = { name: "ECDSA", namedCurve: "P-256" };
const DIGEST = { name: "ECDSA", hash: "SHA-256" };

const subtle = globalThis.crypto?.subtle;
/** @type {Promise<CryptoKey> | undefined} */
let key;

/** @param {Signed} signed */
export async function isGenuine({ payload, signature }) {
  if (!subtle) return true;
  key ??= subtle.importKey("jwk", config.publicKey, CURVE, false, ["verify"]);
  return subtle.verify(DIGEST, await key, bytesOf(signature), new TextEncoder().encode(payload));
}

/**
 * @param {Blob} blob
 * @param {string} sha256 in hex
 */
export async function isExactly(blob, sha256) {
  if (!subtle) return true;
  const digest = new Uint8Array(await subtle.digest("SHA-256", await blob.arrayBuffer()));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("") === sha256;
}

/** @param {string} base64url */
function bytesOf(base64url) {
  return Uint8Array.from(atob(base64url.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
}
