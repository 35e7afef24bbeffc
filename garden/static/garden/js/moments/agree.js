import { giveConsent, kindOf } from "../api.js";
import { config } from "../config.js";
import { loadDetector } from "../framing.js";
import { addMoment, button, onAction, sectionOf, show } from "../stage.js";
import { onForget, visit } from "../visit.js";
import { needLetters, setWord } from "../words.js";

const RELOAD_MS = 3000;
const { younger: whoIsYounger, values } = config.privacy;

/** What must be agreed to before the camera looks. Nothing is ticked beforehand, and saying no is as easy. */
export function addAgree() {
  if (!config.privacy.asksConsent) return;
  addMoment("agree", { back: "consent", enter: clear, leave: clear });
  section().addEventListener("change", update);
  onAction("agree", "agree", () => void agree());
  onAction("agree", "wheel", () => show("wheel"));
  onForget(clear);
  for (const words of Object.values(config.words)) needLetters(Object.values(words).join(""));
}

/** @returns {HTMLElement} */
function section() {
  return sectionOf("agree");
}

/** @param {string} selector @returns {HTMLInputElement[]} */
function inputs(selector) {
  return [.../** @type {NodeListOf<HTMLInputElement>} */ (section().querySelectorAll(selector))];
}

function clear() {
  for (const input of inputs("input")) input.checked = false;
  section().querySelector(".agree-hint")?.replaceChildren();
  update();
}

function isYounger() {
  return inputs('input[value="younger"]').some((input) => input.checked);
}

function update() {
  const refused = isYounger() && whoIsYounger === "not-read";
  const guardian = /** @type {HTMLElement | null} */ (section().querySelector(".agree-guardian"));
  if (guardian) guardian.hidden = !isYounger();
  toggle(".agree-not-read", refused);
  toggle(".agree-statements", !refused);
  button("agree", "agree").disabled = refused || !saidAll();
}

/** @param {string} selector @param {boolean} isShown */
function toggle(selector, isShown) {
  const element = /** @type {HTMLElement | null} */ (section().querySelector(selector));
  if (element) element.hidden = !isShown;
}

function saidAll() {
  const ages = inputs('input[name="age"]');
  return (ages.length === 0 || ages.some((input) => input.checked)) && asked().every((input) => input.checked);
}

/** The statements that this visitor is asked. */
function asked() {
  return inputs('input[name="statement"]').filter((input) => !input.closest("[hidden]"));
}

async function agree() {
  button("agree", "agree").disabled = true;
  try {
    visit.consent = await giveConsent({
      notice: config.privacy.notice,
      language: document.documentElement.lang,
      statements: asked().map((input) => input.value),
      ofAge: !isYounger(),
      guardian: isYounger(),
      signed: config.privacy.signed,
    });
  } catch (error) {
    return explain(error);
  }
  void loadDetector();
  show("look");
}

/** @param {unknown} error */
function explain(error) {
  const kind = kindOf(error);
  setWord(section().querySelector(".agree-hint"), `trouble_${kind}`, values);
  if (kind === "notice") setTimeout(() => location.reload(), RELOAD_MS);
  else update();
}
