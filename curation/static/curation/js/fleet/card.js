/** One device of the list. */

import { config, copyOf, find } from "./given.js";
import { ago, hasWord, timeOf, word, write } from "./words.js";

/** @typedef {import("./given.js").Device} Device */

export const SIGNS = { alarm: "⚠", trouble: "◔", well: "✓", unseen: "○", off: "–", none: "·" };

/** @param {Device} device */
export function makeCard(device) {
  const card = copyOf("fleet-card");
  card.id = device.id;
  const title = find(card, ".device-title");
  title.id = `${device.id}-title`;
  card.setAttribute("aria-labelledby", title.id);
  return card;
}

/**
 * @param {HTMLElement} card
 * @param {Device} device
 */
export function fillCard(card, device) {
  card.dataset.state = device.state;
  card.dataset.quiet = String(device.quiet_until !== null);
  write(find(card, ".device-title"), titleOf(device));
  write(
    find(card, ".device-kind"),
    [word(`kind_${device.kind}`), device.place || device.zone].filter(Boolean).join(" · "),
  );
  write(find(card, ".device-sign"), SIGNS[device.state]);
  write(find(card, ".device-state"), word(`state_${device.state}`));
  write(find(card, ".device-screen"), device.screen && `${device.screen} px`);
  write(
    find(card, ".device-version"),
    device.version && word(device.old ? "version_old" : "version", device.version ? { version: device.version } : {}),
  );
  find(card, ".device-version").dataset.old = String(device.old);
  write(find(card, ".device-shown"), shownOn(device));
  write(find(card, ".device-problem"), troubleOf(device));
  fillPicture(card, device);
  fillLinks(card, device);
  tickCard(card, device);
}

/**
 * What the time alone changes.
 * @param {HTMLElement} card
 * @param {Device} device
 */
export function tickCard(card, device) {
  write(find(card, ".device-heard"), device.heard ? word("heard", { ago: ago(device.heard) }) : word("never"));
  write(find(card, ".device-opened"), device.started ? word("opened", { ago: ago(device.started) }) : "");
  const alarms = device.alarms.map(
    ({ kind, since }) => `${word(`alarm_${kind}`)}, ${word("since", { ago: ago(since) })}`,
  );
  write(find(card, ".device-alarms"), alarms.join(" · "));
}

/** @param {Device} device */
export function titleOf(device) {
  const slot = device.slot && `${device.zone}/${device.slot}`;
  return [slot, device.name].filter(Boolean).join(" · ");
}

/** @param {string} key */
export function moodOf(key) {
  const emotion = `emotion_${key.split("/")[1] ?? ""}`;
  return hasWord(emotion) ? word(emotion) : key;
}

/** @param {Device} device */
function shownOn(device) {
  if (!device.heard) return "";
  if (!device.on_screen) return device.kind === "display" ? word("on_screen_nothing") : "";
  const moment = `moment_${device.on_screen}`;
  const what = device.kind === "kiosk" && hasWord(moment) ? word(moment) : moodOf(device.on_screen);
  return word("on_screen", { what });
}

/** @param {Device} device */
function troubleOf(device) {
  const details = device.alarms.filter(({ kind }) => kind === "problem").map(({ detail }) => detail);
  const told = [...new Set([device.problem, ...details])].filter(Boolean);
  return [...told, ...(device.behind ? [word("behind")] : [])].join(" · ");
}

/**
 * @param {HTMLElement} card
 * @param {Device} device
 */
function fillPicture(card, device) {
  const image = /** @type {HTMLImageElement} */ (find(card, "img"));
  image.hidden = !device.thumb;
  if (device.thumb && image.getAttribute("src") !== device.thumb) image.src = device.thumb;
  find(card, ".device-picture").dataset.kind = device.kind;
}

/**
 * @param {HTMLElement} card
 * @param {Device} device
 */
function fillLinks(card, device) {
  link(card, ".device-wall", device.wall);
  link(card, ".device-edit", device.edit);
  const rest = device.quiet_until ? { when: timeOf(device.quiet_until), by: device.quiet_by } : null;
  write(find(card, ".device-quiet"), rest ? word("quiet", rest) : "");
  const choice = find(card, ".device-rest");
  choice.hidden = !config.may.quiet || !device.heard || device.state === "off";
  for (const button of card.querySelectorAll("[data-hours]")) {
    /** @type {HTMLElement} */ (button).hidden = (button.getAttribute("data-hours") === "0") !== (rest !== null);
  }
}

/**
 * @param {HTMLElement} card
 * @param {string} part
 * @param {string} address
 */
function link(card, part, address) {
  const element = /** @type {HTMLAnchorElement} */ (find(card, part));
  element.hidden = !address;
  if (address && element.getAttribute("href") !== address) element.href = address;
}
