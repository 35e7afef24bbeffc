import { config } from "../config.js";
import { urlForScreen } from "../screen.js";
import { addMoment, onAction, sectionOf, show } from "../stage.js";
import { onForget, visit } from "../visit.js";

const section = sectionOf("gift");
const picture = /** @type {HTMLImageElement} */ (section.querySelector(".gift-picture"));
const code = /** @type {HTMLImageElement} */ (section.querySelector(".gift-code"));
const link = /** @type {HTMLAnchorElement} */ (section.querySelector(".gift-open"));

/** The liked picture goes home on the visitor's phone. */
export function addGift() {
  addMoment("gift", { back: "garden", enter, leave: clear });
  onAction("gift", "more", () => show("garden"));
  onAction("gift", "done", () => show("goodbye"));
  onForget(clear);
}

function enter() {
  if (!visit.gift) return show("garden");
  const content = new URLSearchParams({ content: visit.gift.key });
  picture.src = urlForScreen(visit.gift);
  code.src = `${config.paths.code}?${content}`;
  link.href = `${config.paths.souvenir}?${content}`;
}

function clear() {
  picture.removeAttribute("src");
  code.removeAttribute("src");
  link.removeAttribute("href");
}
