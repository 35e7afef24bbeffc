/** Line art of the crop: asked for, then drawn and rubbed by hand like any layer. */

import { gettext } from "../../../garden/lib/i18n.js";
import { find } from "../../../garden/lib/page.js";
import { clipTo } from "./brush.js";
import { pathOf } from "./config.js";
import { canvasOf, contextOf } from "./layer.js";
import { showStatus, trying } from "./status.js";
import { bitmapOf } from "./versions.js";

/** @import { Editor } from "./editor.js" */
/** @import { Settings } from "./settings.js" */
/** @import { Versions } from "./versions.js" */

/** @param {Editor} editor @param {Settings} settings @param {Versions} versions */
export function startOutline(editor, settings, versions) {
  find("[data-outline=extract]").addEventListener("click", () => {
    void trying(() => extract(editor, settings.values, versions));
  });
  find("[data-outline=clear]").addEventListener("click", () => {
    const crop = editor.crop.area;
    drawOver(editor, (brush) => brush.clearRect(crop.x, crop.y, crop.width, crop.height));
  });
}

/** @param {Editor} editor @param {Record<string, any>} values @param {Versions} versions */
async function extract(editor, values, versions) {
  const crop = editor.crop.area;
  const asked = new URLSearchParams({
    version: versions.canvas.head ?? "",
    simplicity: String(values.line_simplicity),
    method: values.line_method,
    ...Object.fromEntries(Object.entries(crop).map(([side, value]) => [side, String(value)])),
  });
  showStatus(gettext("The outline is being drawn …"));
  const grey = await bitmapOf(`${pathOf("outline", { canvas: versions.canvas.id })}?${asked}`);
  const lines = paintOf(grey, editor.outline.colour);
  drawOver(editor, (brush) => {
    brush.clearRect(crop.x, crop.y, crop.width, crop.height);
    brush.drawImage(lines, crop.x, crop.y);
  });
  if (!editor.shows.outline) editor.show("outline", true);
  showStatus(gettext("The outline of the crop is drawn."));
}

/** @param {Editor} editor @param {(brush: CanvasRenderingContext2D) => void} draw */
function drawOver({ outline, crop, steps }, draw) {
  outline.begin();
  outline.paint(crop.area, (brush) => {
    clipTo(brush, crop.area);
    draw(brush);
  });
  const done = outline.end();
  if (done) steps.add({ name: gettext("outline"), ...done });
}

/** Grey lines as paint: as opaque as they are bright. @param {ImageBitmap} grey @param {string} colour */
function paintOf(grey, colour) {
  const paper = canvasOf(grey.width, grey.height);
  const brush = contextOf(paper);
  brush.drawImage(grey, 0, 0);
  const lines = brush.getImageData(0, 0, paper.width, paper.height);
  for (let at = 0; at < lines.data.length; at += 4) lines.data[at + 3] = lines.data[at];
  brush.putImageData(lines, 0, 0);
  brush.globalCompositeOperation = "source-in";
  brush.fillStyle = colour;
  brush.fillRect(0, 0, paper.width, paper.height);
  return paper;
}
