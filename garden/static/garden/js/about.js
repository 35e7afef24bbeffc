/** At a kiosk, the page about reading faces returns to the start page after a while without input. */

const SIGNS_OF_LIFE = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart", "scroll"];

const main = /** @type {HTMLElement} */ (document.querySelector(".about"));
const seconds = Number(main.dataset.idleSeconds ?? 0);

let timer = 0;

function stay() {
  clearTimeout(timer);
  timer = setTimeout(() => location.replace(main.dataset.home ?? "/"), seconds * 1000);
}

if (seconds > 0) {
  for (const sign of SIGNS_OF_LIFE) addEventListener(sign, stay, { passive: true });
  stay();
}
