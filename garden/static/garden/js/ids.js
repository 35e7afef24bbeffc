/**
 * The number by which staff find a visitor: the first twelve digits of the id, in groups of four.
 * @param {string} id a random UUID
 */
export function shownNumber(id) {
  return (id.replaceAll("-", "").slice(0, 12).toUpperCase().match(/.{4}/g) ?? []).join(" ");
}

/** A random UUID; `randomUUID` is missing where the page is not in a secure context. */
export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
