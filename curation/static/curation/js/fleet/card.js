/** One device of the list. */

import { cloneTemplate, find } from "../../../garden/lib/page.js";
import { ago, config, hasWord, timeOf, word, write } from "./config.js";

/** @typedef {import("./config.js").Device} Device */

export const SIGNS = { alarm: "⚠", trouble: "◔", well: "✓", unseen: "○", off: "–", none: "·" };

/** @param {Device} device */
export function makeCard(device) {
  const card = cloneTemplate("fleet-card");
  card.id = device.id;
  const title = find(".device-title", card);
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
  write(find(".device-title", card), titleOf(device));
  write(
    find(".device-kind", card),
    [word(`kind_${device.kind}`), device.place || device.zone].filter(Boolean).join(" · "),
  );
  write(find(".device-sign", card), SIGNS[device.state]);
  write(find(".device-state", card), word(`state_${device.state}`));
  write(find(".device-screen", card), device.screen && `${device.screen} px`);
  write(
    find(".device-version", card),
    device.version && word(device.old ? "version_old" : "version", device.version ? { version: device.version } : {}),
  );
  find(".device-version", card).dataset.old = String(device.old);
  write(find(".device-shown", card), shownOn(device));
  write(find(".device-problem", card), troubleOf(device));
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
  write(find(".device-heard", card), device.heard ? word("heard", { ago: ago(device.heard) }) : word("never"));
  write(find(".device-opened", card), device.started ? word("opened", { ago: ago(device.started) }) : "");
  const alarms = device.alarms.map(
    ({ kind, since }) => `${word(`alarm_${kind}`)}, ${word("since", { ago: ago(since) })}`,
  );
  write(find(".device-alarms", card), alarms.join(" · "));
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
  const problems = [...new Set([device.problem, ...details])].filter(Boolean);
  return [...problems, ...(device.behind ? [word("behind")] : [])].join(" · ");
}

/**
 * @param {HTMLElement} card
 * @param {Device} device
 */
function fillPicture(card, device) {
  const image = /** @type {HTMLImageElement} */ (find("img", card));
  image.hidden = !device.thumb;
  if (device.thumb && image.getAttribute("src") !== device.thumb) image.src = device.thumb;
  find(".device-picture", card).dataset.kind = device.kind;
}

/**
 * @param {HTMLElement} card
 * @param {Device} device
 */
function fillLinks(card, device) {
  link(card, ".device-wall", device.wall);
  link(card, ".device-edit", device.edit);
  const rest = device.quiet_until ? { when: timeOf(device.quiet_until), by: device.quiet_by } : null;
  write(find(".device-quiet", card), rest ? word("quiet", rest) : "");
  const choice = find(".device-rest", card);
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
  const element = /** @type {HTMLAnchorElement} */ (find(part, card));
  element.hidden = !address;
  if (address && element.getAttribute("href") !== address) element.href = address;
}
