/** A wall: ask what hangs, hang it, ask again. */

import { followVersions, heartbeat, noteProblem, periodMs, renewToken } from "./device.js";
import { endInterlude, firstOfInterlude, hang, hangsNothing, nextOfInterlude } from "./player.js";
import { keepScreenOn } from "./screen.js";
import { askManifest, keepCurrent, ownPicture, recallManifest, stockUp } from "./zone.js";

const SHORT_PAUSE_MS = 2000;
const LONG_PAUSE_MS = 10000;
const ERROR_MS = 10 * 60 * 1000;

const guard = window.wallGuard;

/** The picture has a way to go too: who asks a little early shows a change within the period. */
const pauseMs = periodMs - Math.min(250, periodMs / 4);

/** @type {() => void} */
let wake = () => {};

async function play() {
  await recallManifest().catch((error) => noteProblem("kept manifest", error));
  for (;;) {
    guard.isWell(periodMs);
    const isWell = await turn().catch((error) => noteProblem("page", error));
    await rest(isWell ? pauseMs : Math.min(Math.max(pauseMs, SHORT_PAUSE_MS), LONG_PAUSE_MS));
  }
}

/** Whether this screen shows what the garden says. */
async function turn() {
  try {
    await askManifest();
  } catch {
    await playOn();
    return false;
  }
  endInterlude();
  if (!(await hang(ownPicture()))) return false;
  await keepCurrent();
  void stockUp().catch(() => {}); // It is tried again; what hangs here does not depend on it.
  return true;
}

/** Without the garden: what hung before, then the interlude. */
async function playOn() {
  if (hangsNothing() && (await hang(ownPicture()))) return;
  const slot = await (hangsNothing() ? firstOfInterlude() : nextOfInterlude());
  if (slot) await hang({ ...slot, souvenir: "" });
}

/** Until the time is over, or something wakes the page. @param {number} ms */
function rest(ms) {
  return new Promise((resolve) => {
    wake = () => resolve(undefined);
    setTimeout(wake, ms);
  });
}

keepScreenOn();
heartbeat.onError = ({ kind }) => void (kind === "signed_out" && renewToken().catch(() => {}));
heartbeat.start();
guard.listen((text) => heartbeat.setProblemFor("page", `page: ${text}`, ERROR_MS));
addEventListener("online", () => wake());
document.addEventListener("visibilitychange", () => wake());
void navigator.storage?.persist?.().catch(() => {}); // A wall may need for days what it keeps.
void followVersions().catch((error) => noteProblem("service worker", error));
void play();
