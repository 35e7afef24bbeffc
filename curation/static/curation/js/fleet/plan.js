/** A plan of each zone: its sixteen slots, what hangs there, and how the screen is. */

import { cloneTemplate, find } from "../../../garden/lib/page.js";
import { moodOf, SIGNS } from "./card.js";
import { word, write } from "./config.js";

/** @typedef {import("./config.js").Zone} Zone */
/** @typedef {import("./config.js").Device} Device */

/** @type {Map<string, HTMLElement>} */
const plans = new Map();

/**
 * @param {HTMLElement} room
 * @param {Zone[]} zones
 * @param {Device[]} devices
 * @param {(zone: string) => boolean} fits
 */
export function showPlans(room, zones, devices, fits) {
  const known = new Set(zones.map(({ name }) => name));
  for (const [name, plan] of plans) {
    if (!known.has(name)) plan.remove();
  }
  const screens = new Map(devices.map((device) => [`${device.zone}/${device.slot}`, device]));
  for (const zone of zones) {
    const plan = plans.get(zone.name) ?? makePlan(zone);
    plans.set(zone.name, plan);
    if (!plan.isConnected) room.append(plan);
    plan.hidden = !fits(zone.name);
    write(find(".plan-title", plan), zone.title ? `${zone.title} (${zone.name})` : zone.name);
    write(find(".plan-dark", plan), zone.dark ? word("dark") : "");
    for (const slot of zone.slots)
      fillSlot(find(`[data-slot="${slot.name}"]`, plan), slot, screens.get(`${zone.name}/${slot.name}`));
  }
}

/** @param {Zone} zone */
function makePlan(zone) {
  const plan = cloneTemplate("fleet-plan");
  const title = find(".plan-title", plan);
  title.id = `plan-${zone.name}`;
  plan.setAttribute("aria-labelledby", title.id);
  for (const { name } of zone.slots) {
    const slot = cloneTemplate("fleet-slot");
    slot.dataset.slot = name;
    find(name.endsWith("h") ? ".plan-landscape" : ".plan-portrait", plan).append(slot);
  }
  return plan;
}

/**
 * @param {HTMLElement} element
 * @param {import("./config.js").Slot} slot
 * @param {Device | undefined} device
 */
function fillSlot(element, slot, device) {
  const state = device?.state ?? "none";
  element.dataset.state = state;
  write(find(".slot-name", element), slot.name);
  write(find(".slot-sign", element), SIGNS[state]);
  const image = /** @type {HTMLImageElement} */ (find("img", element));
  image.hidden = !slot.thumb;
  if (slot.thumb && image.getAttribute("src") !== slot.thumb) image.src = slot.thumb;
  const what = slot.key ? moodOf(slot.key) : word("empty_slot");
  const link = /** @type {HTMLAnchorElement} */ (find("a", element));
  const title = word("slot_title", { slot: slot.name, what, state: word(`state_${state}`) });
  if (link.getAttribute("aria-label") !== title) {
    link.setAttribute("aria-label", title);
    link.title = title;
  }
  if (device) link.href = `#${device.id}`;
  else link.removeAttribute("href");
  link.setAttribute("role", device ? "link" : "img");
}
