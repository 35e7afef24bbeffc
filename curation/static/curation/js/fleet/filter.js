/** Which devices are shown; the choice is in the address. */

import { find } from "../../../garden/lib/page.js";

const form = /** @type {HTMLFormElement} */ (find(".fleet-filter"));
const zone = /** @type {HTMLSelectElement} */ (find("[name=zone]", form));
const problems = /** @type {HTMLInputElement} */ (find("[name=problems]", form));

/** @param {() => void} onChange */
export function startFilter(onChange) {
  const asked = new URLSearchParams(location.search);
  zone.value = asked.get("zone") ?? "";
  if (zone.selectedIndex < 0) zone.value = "";
  problems.checked = asked.has("problems");
  form.addEventListener("change", () => {
    keep();
    onChange();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
}

/** Problems alone, or all again. */
export function toggleProblems() {
  problems.click();
}

/** @param {import("./config.js").Device} device */
export function fits(device) {
  const troubled = device.state === "alarm" || device.state === "trouble";
  return fitsZone(device.zone) && (!problems.checked || troubled);
}

/** @param {string} name */
export function fitsZone(name) {
  return !zone.value || zone.value === name;
}

function keep() {
  const wanted = new URLSearchParams();
  if (zone.value) wanted.set("zone", zone.value);
  if (problems.checked) wanted.set("problems", "1");
  history.replaceState(null, "", wanted.size ? `?${wanted}` : location.pathname);
}
