/** The form that sets a wall up: what hangs in each slot is seen, and the address grows as it is filled in. */

import { fetchJson } from "../../lib/http.js";
import { find, findAll } from "../../lib/page.js";

const MEMORY = "wall-setup";
const FULL = "/picture/0/";
const SMALL = "/picture/640/";

const form = /** @type {HTMLFormElement} */ (find(".setup-form"));
const copy = find(".copy", form);

// What works with this script alone.
for (const field of findAll(".field[hidden]", form)) field.hidden = false;
find("#server", form).removeAttribute("disabled");
recall();
void showSlots();
showAddress();
form.addEventListener("input", showAddress);
form.addEventListener("change", () => {
  remember();
  void showSlots();
  showAddress();
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  remember();
  location.assign(addressIn());
});
copy.hidden = !navigator.clipboard;
copy.addEventListener("click", async () => {
  await navigator.clipboard.writeText(addressIn());
  copy.textContent = copy.dataset.copied ?? "";
});

function remember() {
  localStorage.setItem(MEMORY, JSON.stringify(chosen()));
}

/** @returns {Record<string, string>} */
function chosen() {
  return /** @type {Record<string, string>} */ (Object.fromEntries(new FormData(form)));
}

function recall() {
  /** @type {Record<string, string>} */
  const stored = { server: location.origin, ...JSON.parse(localStorage.getItem(MEMORY) ?? "{}") };
  if (new URLSearchParams(location.search).has("zone")) delete stored.zone;
  for (const [name, value] of Object.entries(stored)) {
    const field = /** @type {HTMLInputElement | HTMLSelectElement | RadioNodeList} */ (form.elements.namedItem(name));
    const offered = field.value;
    field.value = value;
    field.value ||= offered; // A zone that was deleted.
  }
}

/** What hangs in each slot of this zone and orientation now. */
async function showSlots() {
  const { zone, orientation } = chosen();
  find(".slots", form).dataset.side = orientation;
  const path = (form.dataset.manifest ?? "").replace("ZONE", zone);
  const manifest = await fetchJson(path).catch(() => null); // The form works without.
  if (zone !== chosen().zone || orientation !== chosen().orientation) return;
  for (const slot of findAll(".slot", form)) {
    const number = /** @type {HTMLInputElement} */ (find("input", slot)).value;
    const image = /** @type {HTMLImageElement} */ (find("img", slot));
    const url = manifest?.slots[number + orientation]?.url;
    image.hidden = !url;
    if (url) image.src = url.replace(FULL, SMALL);
  }
}

function showAddress() {
  const address = addressIn();
  /** @type {HTMLInputElement} */ (find("#address", form)).value = address;
  find(".insecure", form).hidden = isSecure(address);
}

function addressIn() {
  const { zone, picture, orientation, period, server } = chosen();
  const [root] = server.split(/[?#]/);
  const path = (form.dataset.wall ?? "").replace("ZONE/1/h", `${zone}/${picture}/${orientation}`);
  return `${root.replace(/\/+$/, "")}${path}?period=${Number(period)}`;
}

/** Browsers let a page keep things, and compute hashes, under https and on the machine itself. @param {string} address */
function isSecure(address) {
  if (!URL.canParse(address)) return true;
  const { protocol, hostname } = new URL(address);
  return protocol === "https:" || /^(localhost|.*\.localhost|127\..*|\[::1\])$/.test(hostname);
}
