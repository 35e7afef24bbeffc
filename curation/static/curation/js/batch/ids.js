/** An id for what is about to be asked: asked again unchanged it is the same, so that a lost answer makes no second one. */

/** @type {{about: string, id: string}} */
let last = { about: "", id: "" };

/** @param {string} about all that is asked */
export function idOf(about) {
  if (about !== last.about) last = { about, id: fresh() };
  return last.id;
}

/** `crypto.randomUUID` is missing where a site has no TLS. */
function fresh() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const digits = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
