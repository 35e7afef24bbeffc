/** What was decided about a picture, in a sign and in words: never by colour alone. */

import { word } from "./words.js";

/** @typedef {import("./feed.js").Picture} Picture */

/** Own vote first while the others' are still out: a blind vote shows its own curator what they said. */
const SIGNS = { like: "♥", dislike: "✕", disputed: "≠", gone: "⊘" };

/**
 * @param {Picture} picture
 * @returns {"like" | "dislike" | "disputed" | "gone" | ""}
 */
export function verdictOf(picture) {
  if (picture.gone) return "gone";
  return /** @type {"like" | "dislike" | "disputed" | ""} */ (picture.verdict || picture.mine?.verdict || "");
}

/** @param {Picture} picture */
export function signOf(picture) {
  const verdict = verdictOf(picture);
  return verdict && SIGNS[verdict];
}

/** @param {Picture} picture */
export function ratingOf(picture) {
  return picture.mine?.rating ?? picture.rating ?? 0;
}

/** @param {Picture} picture */
export function starsOf(picture) {
  const rating = ratingOf(picture);
  return rating ? "★".repeat(rating) : "";
}

/** @param {Picture} picture */
export function moodOf(picture) {
  const mood = picture.emotion ? word(`emotion_${picture.emotion}`) : word("emotion_none");
  return picture.favorite ? `${mood} · ${picture.favorite}` : mood;
}

/**
 * A picture in one sentence, for who does not see it.
 * @param {Picture} picture
 */
export function sentenceOf(picture) {
  const verdict = word(`verdict_${verdictOf(picture) || "undecided"}`);
  const rating = ratingOf(picture);
  const parts = [word("picture", { id: String(picture.id) }), moodOf(picture), word(picture.orientation), verdict];
  if (rating) parts.push(word("rated", { rating }));
  if (picture.alike) parts.push(word("alike", { count: picture.alike }));
  if (picture.by) parts.push(word("by", { name: picture.by }));
  return parts.join(", ");
}
