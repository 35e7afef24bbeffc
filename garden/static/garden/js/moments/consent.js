/**
 * Plain words first; the camera and the way without it are equal. Where consent is asked, what must be agreed to before the
 * camera looks: nothing is ticked beforehand, and saying no is as easy.
 */

import { find, findAll } from "../../lib/page.js";
import { kindOf, send } from "../api.js";
import { config } from "../config.js";
import { addMoment, button, sectionOf, show } from "../stage.js";
import { onForget, visit } from "../visit.js";
import { needLetters, setWord } from "../words.js";

/** @import { Schema } from "schemas" */

const RELOAD_MS = 3000;
const { privacy } = config;

addMoment("consent", { back: "attract" });
const about = /** @type {HTMLAnchorElement} */ (find(".about-link", sectionOf("consent")));
about.addEventListener("click", () => {
  about.search = `?from=kiosk&lang=${document.documentElement.lang}`;
});
if (privacy.asksConsent) {
  addMoment("agree", { back: "consent", enter: clear, leave: clear });
  form().addEventListener("change", update);
  form().addEventListener("submit", (event) => event.preventDefault()); // By Enter in a field.
  button("agree", "agree").addEventListener("click", () => void agree());
  onForget(clear);
  for (const words of Object.values(config.words)) needLetters(Object.values(words).join(""));
}

/** @returns {HTMLFormElement} there where consent is asked */
function form() {
  return find("form", sectionOf("agree"));
}

function clear() {
  form().reset();
  find(".agree-hint").replaceChildren();
  update();
}

function isYounger() {
  return new FormData(form()).get("age") === "younger";
}

function update() {
  const refused = isYounger() && privacy.younger === "not-read";
  for (const notice of findAll(".agree-not-read", form())) notice.hidden = !refused;
  // Statements that are not asked count neither as missing nor as agreed to.
  const statements = /** @type {HTMLFieldSetElement} */ (find(".agree-statements", form()));
  statements.hidden = statements.disabled = refused;
  for (const guardian of findAll(".agree-guardian", form())) {
    guardian.hidden = !isYounger();
    find("input", guardian).toggleAttribute("disabled", !isYounger());
  }
  button("agree", "agree").disabled = refused || !form().checkValidity();
}

async function agree() {
  button("agree", "agree").disabled = true;
  try {
    /** @type {Schema["Consent"]} */
    const said = {
      notice: privacy.notice,
      language: document.documentElement.lang,
      statements: new FormData(form()).getAll("statement").map(String),
      ofAge: !isYounger(),
      guardian: isYounger(),
      signed: privacy.signed,
    };
    visit.consent = (await send(config.paths.consent, said, { 400: "access" })).consent;
    show("look");
  } catch (error) {
    const kind = kindOf(error);
    setWord(find(".agree-hint"), `trouble_${kind}`, privacy.values);
    if (kind === "notice") setTimeout(() => location.reload(), RELOAD_MS);
    else update();
  }
}
