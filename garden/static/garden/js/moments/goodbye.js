/** Deletes the visit first, then shows it. Only the number stays, until the next moment. */

import { find } from "../../lib/page.js";
import { config } from "../config.js";
import { addMoment, sectionOf, show } from "../stage.js";
import { forget, visit } from "../visit.js";

const number = sectionOf("goodbye").querySelector(".visitor-number");

let timer = 0;

addMoment("goodbye", { enter, leave });

function enter() {
  showNumber(visit.guess || visit.emotion ? shownNumber(visit.id) : "");
  forget();
  timer = setTimeout(() => show("attract"), config.goodbyeSeconds * 1000);
}

function leave() {
  clearTimeout(timer);
  showNumber("");
}

/** @param {string} digits none where nothing was kept of the visit */
function showNumber(digits) {
  if (!number) return;
  find("b", number).textContent = digits;
  number.toggleAttribute("hidden", !digits);
}

/** The number by which staff find a visitor: the first twelve digits of the id, in groups of four. @param {string} id */
function shownNumber(id) {
  return (id.replaceAll("-", "").slice(0, 12).toUpperCase().match(/.{4}/g) ?? []).join(" ");
}
