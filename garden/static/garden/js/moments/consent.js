import { config } from "../config.js";
import { loadDetector } from "../framing.js";
import { addMoment, onAction, sectionOf, show } from "../stage.js";

/** Plain words first; the camera and the way without it are equal. */
export function addConsent() {
  addMoment("consent", { back: "attract" });
  if (config.privacy.readsFaces) onAction("consent", "camera", look);
  onAction("consent", "wheel", () => show("wheel"));
  const about = /** @type {HTMLAnchorElement} */ (sectionOf("consent").querySelector(".about-link"));
  about.addEventListener("click", () => {
    about.search = `?from=kiosk&lang=${document.documentElement.lang}`;
  });
}

/** The way to the camera leads past what must be agreed to, where something must. */
function look() {
  if (config.privacy.asksConsent) return show("agree");
  void loadDetector();
  show("look");
}
