/** A reading as bars and as a table, field for field. */

import { word } from "../words.js";
import { element, find } from "./page.js";

const percent = new Intl.NumberFormat(document.documentElement.lang, { style: "percent", maximumFractionDigits: 1 });

/** @param {import("./page.js").Answered} answer */
export function showReading({ data, text }) {
  const mood = data.emotions.toLowerCase();
  find("[data-looks]").textContent = word("looks", { mood: word(`mood_${mood}`) });
  for (const glyph of document.querySelectorAll(".try-mood .glyph")) {
    glyph.classList.toggle("is-read", glyph.getAttribute("data-mood") === mood);
  }
  const scores = /** @type {[string, number][]} */ (Object.entries(data.emotionScores));
  find("[data-scores]").replaceChildren(...scores.sort((a, b) => b[1] - a[1]).map(bar));
  find("[data-fields]").replaceChildren(...fieldsOf(data).map(row));
  find("[data-raw]").textContent = JSON.stringify(JSON.parse(text), null, 2);
  find("[data-answer]").hidden = false;
}

/** @param {[string, number]} score */
function bar([mood, share]) {
  const item = element("li");
  item.dataset.mood = mood;
  const track = element("div");
  track.className = "try-bar";
  const filled = element("span");
  filled.style.setProperty("--share", String(share));
  track.append(filled);
  item.append(element("span", word(`mood_${mood}`)), track, element("output", percent.format(share)));
  return item;
}

/**
 * Everything but the scores, which have their bars; each measure of the quality has a line.
 * @param {Record<string, any>} data
 * @returns {[string, string][]}
 */
function fieldsOf({ emotionScores, quality, ...fields }) {
  const measures = Object.entries(quality ?? {}).map(([name, value]) => [`quality.${name}`, value]);
  return [...Object.entries(fields), ...measures].map(([name, value]) => [name, shown(name, value)]);
}

/**
 * @param {string} name
 * @param {any} value
 */
function shown(name, value) {
  if (typeof value === "boolean") return word(value ? "yes" : "no");
  if (name === "ageRange") return `${value.Low} – ${value.High}`;
  if (name === "generation" || name === "gender") return `${value} (${word(`${name}_${value}`)})`;
  if (name === "confidence") return percent.format(value);
  return String(value ?? "") || "–";
}

/** @param {[string, string]} field */
function row([name, value]) {
  const line = element("tr");
  const head = element("th");
  head.setAttribute("scope", "row");
  head.append(element("code", name));
  line.append(head, element("td", value));
  return line;
}
