import { config } from "../config.js";
import { startDrift, stopDrift } from "../drift.js";
import { watchIdle } from "../idle.js";
import { addMoment, onAction, sectionOf, show } from "../stage.js";
import { forget } from "../visit.js";
import { speak } from "../words.js";

/** The garden drifts and waits; whoever was here before is forgotten. */
export function addAttract() {
  addMoment("attract", { enter, leave });
  sectionOf("attract").addEventListener("click", begin);
  onAction("attract", "begin", (event) => {
    event.stopPropagation();
    begin();
  });
}

function enter() {
  watchIdle(false);
  forget();
  speak(config.language);
  startDrift();
}

function leave() {
  stopDrift();
  watchIdle(true);
}

function begin() {
  show("consent");
}
