import { loadDetector } from "../framing.js";
import { addMoment, onAction, show } from "../stage.js";

/** Plain words first; the camera and the way without it are equal. */
export function addConsent() {
  addMoment("consent", { back: "attract" });
  onAction("consent", "camera", () => {
    void loadDetector();
    show("look");
  });
  onAction("consent", "wheel", () => show("wheel"));
}
