/** One group: its pictures side by side, with their differences. */

import { element } from "../../../garden/lib/page.js";
import { config, word } from "./config.js";

/**
 * @param {import("./config.js").Group} group
 * @param {(image: number) => void} choose
 */
export function makeCard(group, choose) {
  const card = element("section", "", "alike-group");
  card.id = `group-${group.id}`;
  card.tabIndex = -1;
  const title = element("h2", word("group", { size: group.size }));
  title.id = `group-title-${group.id}`;
  card.setAttribute("aria-labelledby", title.id);
  const list = element("ul", "", "alike-pictures");
  list.append(...group.images.map((rival, place) => pictureOf(rival, place, choose)));
  card.append(title, list);
  const hidden = group.size - group.images.length;
  if (hidden > 0) card.append(element("p", word("more", { count: hidden })));
  return card;
}

/**
 * @param {HTMLElement} card
 * @param {number} image
 */
export function showChosen(card, image) {
  for (const button of card.querySelectorAll(".alike-choose")) {
    const chosen = button instanceof HTMLElement && button.dataset.image === String(image);
    button.setAttribute("aria-pressed", String(chosen));
    const mark = button.parentElement?.querySelector(".alike-keep");
    if (mark) mark.textContent = chosen ? `✓ ${word("best")}` : "";
    if (chosen) button.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
}

/**
 * @param {import("./config.js").Rival} rival
 * @param {number} place
 * @param {(image: number) => void} choose
 */
function pictureOf(rival, place, choose) {
  const item = element("li");
  const button = element("button", "", "alike-choose");
  button.setAttribute("type", "button");
  button.dataset.image = String(rival.id);
  button.setAttribute("aria-label", `${place + 1}: ${rival.prompt || rival.key}`);
  button.addEventListener("click", () => choose(rival.id));
  const picture = document.createElement("img");
  Object.assign(picture, { src: rival.thumb, alt: "", loading: "lazy", decoding: "async", width: 240, height: 200 });
  button.append(picture);
  item.append(button, factsOf(rival, place));
  return item;
}

/**
 * @param {import("./config.js").Rival} rival
 * @param {number} place
 */
function factsOf(rival, place) {
  const facts = element("div", "", "alike-facts");
  const apart = rival.distance ? word("apart", { bits: rival.distance }) : word("same");
  const likes = rival.shown ? word("likes", { liked: rival.liked, shown: rival.shown }) : word("neverShown");
  const said = [config.verdicts[rival.verdict], rival.rating === null ? "" : word("rating", { rating: rival.rating })];
  const lines = [
    place ? apart : "",
    [config.states[rival.state], config.emotions[rival.emotion], rival.favorite, ...said].filter(Boolean).join(" · "),
    `${rival.width} × ${rival.height} · ${word("sharpness", { value: rival.sharpness })}`,
    [rival.model, rival.seed === null ? "" : word("seed", { seed: String(rival.seed) })].filter(Boolean).join(" · "),
    likes,
  ];
  const link = element("a", rival.key.split("/").pop() ?? rival.key);
  Object.assign(link, { href: rival.url, target: "_blank", rel: "noopener" });
  const name = element("p");
  name.append(link);
  const paragraphs = lines.filter(Boolean).map((line) => element("p", line));
  facts.append(element("p", "", "alike-keep"), ...paragraphs, element("p", rival.prompt, "alike-prompt"), name);
  return facts;
}
