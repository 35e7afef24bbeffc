import { config } from "../config.js";
import { watchIdle } from "../idle.js";
import { addMoment, onAction, show } from "../stage.js";
import { forget } from "../visit.js";

/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/** First everything is wiped, then it is said. */
export function addGoodbye() {
  addMoment("goodbye", { enter, leave: () => clearTimeout(timer) });
  onAction("goodbye", "again", () => show("attract"));
}

function enter() {
  forget();
  watchIdle(false);
  timer = setTimeout(() => show("attract"), config.goodbyeSeconds * 1000);
}
