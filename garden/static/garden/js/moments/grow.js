/** A picture that grows while the visitor watches; where it cannot, the garden's curated ones are shown again. */

import { request } from "../../lib/http.js";
import { find, newId, pause } from "../../lib/page.js";
import { send, setLiked } from "../api.js";
import { config } from "../config.js";
import { sendLike } from "../likes.js";
import { addMoment, button, currentMoment, sectionOf, show } from "../stage.js";
import { onForget, visit } from "../visit.js";
import { setWord } from "../words.js";
import { makeFrame, offerGift } from "./pictures.js";

/** @import { Schema } from "schemas" */
/** @import { Answer } from "./pictures.js" */

const POLL_MS = 150;
/** While other visitors' pictures are made. */
const WAITING_MS = 500;
/** Without any news for so long, nothing grows any more. */
const PATIENCE_MS = 4000;

const section = sectionOf("grow");
const canvas = find(".growing", section);
const hint = find(".grow-hint", section);
const portrait = matchMedia("(orientation: portrait)");

/** Increases with each picture, so that an earlier one is not shown any more. */
let turn = 0;
/** Of the picture that is being made. */
let growing = "";
let favorite = "";
/** The finished picture's key, until the visitor has answered it. */
let unanswered = "";

addMoment("grow", { back: "garden", enter, leave });
button("grow", "again").addEventListener("click", () => void grow());
onForget(clear);

/** @param {string} [chosen] favorite */
function enter(chosen = "") {
  favorite = chosen;
  section.dataset.mood = visit.emotion;
  return grow();
}

/** What was seen and not answered counts as seen. */
function leave() {
  if (unanswered) void sendLike({ itemId: null, impression: [unanswered], like: true });
  clear();
}

function clear() {
  turn += 1;
  if (growing) stopGrowth(growing);
  growing = unanswered = "";
  canvas.replaceChildren();
}

/** Nobody watches any more. @param {string} id */
function stopGrowth(id) {
  request(`${config.paths.grow}/${id}`, { method: "DELETE", keepalive: true }).catch(() => {});
}

async function grow() {
  leave();
  const mine = turn;
  showState("growing");
  try {
    const { id } = await send(config.paths.grow, {
      id: newId(),
      emotion: visit.emotion ?? "calm",
      favorite,
      orientation: portrait.matches ? "portrait" : "landscape",
    });
    if (mine !== turn) return stopGrowth(id);
    growing = id;
    const picture = await watch(id, () => mine === turn);
    if (picture) finish(picture);
  } catch {
    if (mine === turn && currentMoment() === "grow") show("garden", "grow_sorry");
  }
}

/**
 * Shows the stages as they come; throws where the picture fails, or nothing happens for too long.
 * @param {string} id
 * @param {() => boolean} isWatched
 * @returns {Promise<Schema["Growth"]["picture"]>} null where nobody watches any more
 */
async function watch(id, isWatched) {
  let shown = 0;
  let news = "";
  let since = performance.now();
  while (isWatched()) {
    /** @type {Schema["Growth"]} */
    const { state, ahead, stages, picture } = await send(`${config.paths.grow}/${id}`);
    if (news !== `${state} ${ahead} ${stages}`) since = performance.now();
    news = `${state} ${ahead} ${stages}`;
    if (ahead > 0) setWord(hint, "grow_waiting", { count: ahead });
    else if (!picture) setWord(hint, "grow_growing");
    while (shown < stages && isWatched()) await showStage(`${config.paths.grow}/${id}/${++shown}`);
    if (picture && isWatched()) return picture;
    if (["failed", "cancelled"].includes(state) || performance.now() - since > PATIENCE_MS) throw new Error(state);
    await pause(ahead > 0 ? WAITING_MS : POLL_MS);
  }
  return null;
}

/** @param {string} url */
async function showStage(url) {
  const image = new Image();
  image.className = "growing-stage";
  image.alt = "";
  image.src = url;
  await image.decode();
  canvas.append(image);
}

/** @param {NonNullable<Schema["Growth"]["picture"]>} picture */
function finish(picture) {
  growing = "";
  unanswered = picture.key;
  canvas.replaceChildren(...[...canvas.children].slice(-1));
  canvas.append(makeFrame({ ...picture, key: "" }, 1, undefined, (_shown, given) => answer(picture, given)));
  showState("grown");
}

/** @param {NonNullable<Schema["Growth"]["picture"]>} picture @param {Answer} given */
function answer(picture, given) {
  const { key, canLeave } = picture;
  const wasLiked = visit.liked.some((liked) => liked.key === key);
  unanswered = "";
  const like = given === "like";
  setLiked(picture, like && canLeave);
  if (given || wasLiked) void sendLike({ itemId: key, impression: [key], like });
  offerGift("grow");
  if (like) setWord(hint, canLeave ? "garden_liked" : "grow_kept");
  else setWord(hint, "grow_done");
}

/** @param {"growing" | "grown"} state */
function showState(state) {
  section.dataset.state = state;
  setWord(hint, state === "grown" ? "grow_done" : "grow_growing");
  for (const action of ["again", "gift"]) button("grow", action).hidden = state !== "grown";
  offerGift("grow");
}
