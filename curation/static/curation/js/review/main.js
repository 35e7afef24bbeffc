/** The review page, and where the curator is in its address: a reload, a shared link and the way back find the picture. */

import { find, readJson } from "../../../garden/lib/page.js";
import { listenToButtonsAndKeys } from "./actions.js";
import { count } from "./bar.js";
import { followOthers } from "./decisions.js";
import { grid } from "./grid.js";
import { listing } from "./listing.js";
import "./one.js";
import "./pointer.js";
import { listenForFiles } from "./uploads.js";

const CALM_MS = 250;
let timer = 0;

listing.addEventListener("start", showEmptiness);
listing.addEventListener("grown", showEmptiness);
listing.addEventListener("move", writeSoon);
listing.addEventListener("look", writeView);
document.addEventListener("scroll", writeSoon, { passive: true });
window.addEventListener("pagehide", write);
window.addEventListener("popstate", () => listing.look(viewOfAddress()));
history.scrollRestoration = "manual";

listenToButtonsAndKeys();
listenForFiles();
listing.start(readJson("review-first"));
readAddress();
void count();
followOthers();
document.documentElement.dataset.ready = "true";

/** A narrow filter may find its first picture only after some steps. */
function showEmptiness() {
  const isEmpty = listing.pictures.length === 0;
  grid.box.hidden = isEmpty;
  find(".grid-empty").hidden = !isEmpty || listing.hasOlder;
  if (isEmpty) listing.load("before");
  else if (listing.at === null) listing.goTo(0);
}

function readAddress() {
  const at = Number(new URLSearchParams(location.search).get("at"));
  const { offset } = history.state ?? {};
  listing.goTo(at ? listing.placeOf(at) : 0);
  if (at && typeof offset === "number") grid.hold(offset);
  listing.look(viewOfAddress());
}

/** @returns {"one" | "grid"} */
function viewOfAddress() {
  return new URLSearchParams(location.search).get("view") === "one" ? "one" : "grid";
}

/** Browsers allow some hundred writes a minute: a held key writes once it rests. */
function writeSoon() {
  timer ||= window.setTimeout(write, CALM_MS);
}

function write() {
  clearTimeout(timer);
  timer = 0;
  history.replaceState({ ...history.state, offset: grid.offset }, "", address());
}

/** Full screen is a step of its own, so that a phone's way back leaves it and not the page. */
function writeView() {
  if (viewOfAddress() === listing.view) return;
  if (listing.view === "one") history.pushState({ entered: true }, "", address());
  else if (history.state?.entered) history.back();
  else write();
}

function address() {
  const params = new URLSearchParams(location.search);
  if (listing.current) params.set("at", String(listing.current.id));
  if (listing.view === "one") params.set("view", "one");
  else params.delete("view");
  return `?${params}`;
}
