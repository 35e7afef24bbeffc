/** The frame of the crop with its handles, and its numbers as fields. */

import { gettext } from "../../../garden/lib/i18n.js";
import { find, findAll } from "../../../garden/lib/page.js";
import { editor } from "./editor.js";
import { ARROWS, dragged, inRatio } from "./geometry.js";
import { steps } from "./steps.js";

/** @import { Rectangle } from "./geometry.js" */

const FAR = 10;
const { crop, view } = editor;
const frame = find("[data-crop-frame]");
const fields = /** @type {HTMLInputElement[]} */ (findAll("[data-crop]"));

crop.addEventListener("change", show);
view.addEventListener("change", show);
for (const handle of findAll("[data-handle]", frame)) listen(handle, handle.dataset.handle ?? "move");
for (const field of fields) field.addEventListener("change", read);
for (const button of findAll("[data-ratio]")) {
  button.addEventListener("click", () => change(ofRatio(button.dataset.ratio ?? "")));
}
show();

/** As one step that can be undone. @param {Rectangle} area @param {Rectangle} [before] @param {string} [join] */
function change(area, before = crop.area, join) {
  const put = (/** @type {Rectangle} */ one) => () => {
    crop.area = one;
  };
  crop.area = area;
  const after = crop.area;
  if (JSON.stringify(after) === JSON.stringify(before)) return;
  steps.add({ name: gettext("crop"), undo: put(before), redo: put(after), join });
}

/** @param {string} ratio as in `16:10`; empty is the whole picture */
function ofRatio(ratio) {
  if (!ratio) return { x: 0, y: 0, ...crop.picture };
  const [width, height] = ratio.split(":").map(Number);
  return inRatio(crop.area, width / height, crop.picture);
}

/** @param {HTMLElement} handle @param {string} sides */
function listen(handle, sides) {
  handle.addEventListener("pointerdown", (down) => {
    if (down.button !== 0) return;
    down.preventDefault();
    down.stopPropagation();
    handle.focus({ preventScroll: true });
    handle.setPointerCapture(down.pointerId);
    const before = crop.area;
    const move = (/** @type {PointerEvent} */ event) => {
      const [dx, dy] = [event.clientX - down.clientX, event.clientY - down.clientY].map((way) => way / view.scale);
      crop.area = dragged(before, sides, dx, dy, crop.picture);
    };
    const end = () => {
      handle.removeEventListener("pointermove", move);
      change(crop.area, before);
    };
    handle.addEventListener("pointermove", move);
    handle.addEventListener("lostpointercapture", end, { once: true });
  });
  handle.addEventListener("keydown", (event) => {
    const way = ARROWS[event.key];
    if (!way) return;
    event.preventDefault();
    event.stopPropagation();
    const far = event.shiftKey ? FAR : 1;
    change(dragged(crop.area, sides, way[0] * far, way[1] * far, crop.picture), undefined, `crop ${sides}`);
  });
}

function read() {
  const written = fields.filter(({ value }) => value !== "").map(({ value, dataset }) => [dataset.crop, Number(value)]);
  change({ ...crop.area, ...Object.fromEntries(written) });
  show();
}

function show() {
  const { area } = crop;
  view.lay(frame, area);
  for (const field of fields) field.value = String(area[/** @type {keyof Rectangle} */ (field.dataset.crop)]);
}
