/** The form that sets a wall up: what hangs in each slot is seen, and the address grows as it is filled in. */

const MEMORY = "wall-setup";
const FULL = "/picture/0/";
const SMALL = "/picture/640/";

const form = /** @type {HTMLFormElement | null} */ (document.querySelector(".setup-form"));
if (form) begin(form);

/** @param {HTMLFormElement} form */
function begin(form) {
  server(form).value = location.origin;
  reveal(form, "#server", ".address");
  recall(form);
  void showSlots(form);
  showAddress(form);
  form.addEventListener("input", () => showAddress(form));
  form.addEventListener("change", () => {
    remember(form);
    void showSlots(form);
    showAddress(form);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    remember(form);
    location.assign(addressIn(form));
  });
  offerCopy(form);
}

/** @param {HTMLFormElement} form */
function server(form) {
  return /** @type {HTMLInputElement} */ (form.querySelector("#server"));
}

/** What works with this script alone. @param {HTMLFormElement} form @param {string[]} selectors */
function reveal(form, ...selectors) {
  for (const selector of selectors) form.querySelector(selector)?.closest(".field")?.removeAttribute("hidden");
}

/** @param {HTMLFormElement} form */
function chosen(form) {
  const data = new FormData(form);
  const read = (/** @type {string} */ name) => String(data.get(name) ?? "");
  const server = /** @type {HTMLInputElement} */ (form.querySelector("#server")).value;
  return {
    zone: read("zone"),
    picture: read("picture"),
    orientation: read("orientation"),
    period: read("period"),
    server,
  };
}

/** @param {HTMLFormElement} form */
function remember(form) {
  localStorage.setItem(MEMORY, JSON.stringify(chosen(form)));
}

/** @param {HTMLFormElement} form */
function recall(form) {
  const stored = JSON.parse(localStorage.getItem(MEMORY) ?? "{}");
  const zone = /** @type {HTMLSelectElement} */ (form.elements.namedItem("zone"));
  const isGiven = new URLSearchParams(location.search).has("zone");
  if (!isGiven && [...zone.options].some(({ value }) => value === stored.zone)) zone.value = stored.zone;
  for (const name of ["picture", "orientation"]) {
    const radios = /** @type {RadioNodeList} */ (form.elements.namedItem(name));
    if (stored[name]) radios.value = stored[name];
  }
  const period = /** @type {HTMLInputElement} */ (form.elements.namedItem("period"));
  if (stored.period) period.value = stored.period;
  if (stored.server) server(form).value = stored.server;
}

/** What hangs in each slot of this zone and orientation now. @param {HTMLFormElement} form */
async function showSlots(form) {
  const { zone, orientation } = chosen(form);
  const slots = /** @type {HTMLElement} */ (form.querySelector(".slots"));
  slots.dataset.side = orientation;
  const hanging = await hangingIn((form.dataset.manifest ?? "").replace("ZONE", zone));
  if (zone !== chosen(form).zone || orientation !== chosen(form).orientation) return;
  for (const slot of slots.querySelectorAll(".slot")) {
    const number = /** @type {HTMLInputElement} */ (slot.querySelector("input")).value;
    const image = /** @type {HTMLImageElement} */ (slot.querySelector("img"));
    const url = hanging[number + orientation]?.url;
    image.hidden = !url;
    if (url) image.src = url.replace(FULL, SMALL);
  }
}

/**
 * @param {string} manifest
 * @returns {Promise<Record<string, {url: string}>>} by slot; nothing where it cannot be had: the form works without
 */
async function hangingIn(manifest) {
  try {
    return (await (await fetch(manifest)).json()).slots;
  } catch {
    return {};
  }
}

/** @param {HTMLFormElement} form */
function showAddress(form) {
  const address = /** @type {HTMLInputElement} */ (form.querySelector("#address"));
  address.value = addressIn(form);
  const notice = /** @type {HTMLElement} */ (form.querySelector(".insecure"));
  notice.hidden = isSecure(address.value);
}

/** @param {HTMLFormElement} form */
function addressIn(form) {
  const { zone, picture, orientation, period, server } = chosen(form);
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

/** @param {HTMLFormElement} form */
function offerCopy(form) {
  const button = /** @type {HTMLButtonElement} */ (form.querySelector(".copy"));
  if (!navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(addressIn(form));
    button.textContent = button.dataset.copied ?? "";
  });
}
