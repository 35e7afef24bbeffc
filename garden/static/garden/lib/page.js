/** What scripts of every page need. */

/** What `json_script` wrote into the page. @param {string} id @returns {any} null where there is none */
export function readJson(id) {
  return JSON.parse(document.getElementById(id)?.textContent ?? "null");
}

/** @param {string} text @param {Record<string, string | number>} values @param {Intl.NumberFormat | null} [numbers] */
export function fill(text, values, numbers = null) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => {
    const value = values[name] ?? whole;
    return numbers && typeof value === "number" ? numbers.format(value) : String(value);
  });
}

/**
 * An element that the page always has.
 * @template {HTMLElement} [T=HTMLElement]
 * @param {string} selector
 * @param {ParentNode} [within]
 * @returns {T}
 */
export function find(selector, within = document) {
  return /** @type {T} */ (within.querySelector(selector));
}

/**
 * @template {HTMLElement} [T=HTMLElement]
 * @param {string} selector
 * @param {ParentNode} [within]
 * @returns {T[]}
 */
export function findAll(selector, within = document) {
  return /** @type {T[]} */ ([...within.querySelectorAll(selector)]);
}

/** @param {string} tag @param {string} [text] @param {string} [className] */
export function element(tag, text = "", className = "") {
  const made = document.createElement(tag);
  if (text) made.textContent = text;
  if (className) made.className = className;
  return made;
}

/** A copy of a template's only element. @param {string} id */
export function cloneTemplate(id) {
  const template = /** @type {HTMLTemplateElement} */ (document.getElementById(id));
  return /** @type {HTMLElement} */ (document.importNode(template.content, true).firstElementChild);
}

/** Live regions speak when they are written: only what is new is. @param {Element} element @param {string} text */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Opens a dialog with its form as it was at first.
 * @param {HTMLDialogElement} dialog
 * @returns {Promise<FormData | null>} null unless the button “yes” closed it
 */
export function openDialog(dialog) {
  const form = /** @type {HTMLFormElement} */ (find("form", dialog));
  form.reset();
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    const answer = () => resolve(dialog.returnValue === "yes" ? new FormData(form) : null);
    dialog.addEventListener("close", answer, { once: true });
  });
}

/** @param {number} ms */
export function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Throws after so long. @param {number} ms @returns {Promise<never>} */
export async function timeOut(ms) {
  await pause(ms);
  throw new DOMException("too slow", "TimeoutError");
}

const NOT_TYPED = ":not([type=checkbox], [type=radio], [type=range])";

/** Whether keys pressed there are meant for a field. @param {EventTarget | null} target */
export function isTyping(target) {
  return target instanceof Element && target.closest(`input${NOT_TYPED}, select, textarea`) !== null;
}

/**
 * What a key without modifiers presses: the element shown that has it among its `aria-keyshortcuts`.
 * @param {KeyboardEvent} event
 * @param {ParentNode} [within]
 */
export function shortcutOf(event, within = document) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || isTyping(event.target)) return undefined;
  const key = event.key.toLowerCase();
  return findAll("[aria-keyshortcuts]", within).find(
    (one) => one.getAttribute("aria-keyshortcuts") === key && !one.hidden,
  );
}

/** A random UUID; `randomUUID` is missing where the page is not in a secure context. */
export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
