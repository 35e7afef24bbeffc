/** Line art of the crop: asked for, then drawn and rubbed by hand like any layer. */

import { clipTo } from "./brush.js";
import { find, word } from "./given.js";
import { canvasOf, contextOf } from "./layer.js";
import { say, trying } from "./said.js";
import { pathOf } from "./server.js";
import { bitmapOf } from "./versions.js";

/**
 * @typedef {import("./bench.js").Bench} Bench
 * @typedef {import("./settings.js").Settings} Settings
 * @typedef {import("./versions.js").Versions} Versions
 */

/**
 * @param {Bench} bench
 * @param {Settings} settings
 * @param {Versions} versions
 */
export function startOutline(bench, settings, versions) {
  find("[data-outline=extract]").addEventListener("click", () => {
    void trying(() => extract(bench, settings.values, versions));
  });
  find("[data-outline=clear]").addEventListener("click", () => {
    const crop = bench.crop.area;
    drawOver(bench, (brush) => brush.clearRect(crop.x, crop.y, crop.width, crop.height));
  });
}

/**
 * @param {Bench} bench
 * @param {Record<string, any>} values
 * @param {Versions} versions
 */
async function extract(bench, values, versions) {
  const crop = bench.crop.area;
  const asked = new URLSearchParams({
    version: versions.canvas.head ?? "",
    simplicity: String(values.line_simplicity),
    method: values.line_method,
    ...Object.fromEntries(Object.entries(crop).map(([side, value]) => [side, String(value)])),
  });
  say(word("extracting"));
  const grey = await bitmapOf(`${pathOf("outline", { canvas: versions.canvas.id })}?${asked}`);
  const lines = paintOf(grey, bench.outline.colour);
  drawOver(bench, (brush) => {
    brush.clearRect(crop.x, crop.y, crop.width, crop.height);
    brush.drawImage(lines, crop.x, crop.y);
  });
  if (!bench.shows.outline) bench.show("outline", true);
  say(word("extracted"));
}

/**
 * @param {Bench} bench
 * @param {(brush: CanvasRenderingContext2D) => void} draw
 */
function drawOver({ outline, crop, steps }, draw) {
  outline.begin();
  outline.paint(crop.area, (brush) => {
    clipTo(brush, crop.area);
    draw(brush);
  });
  const done = outline.end();
  if (done) steps.add({ name: word("step_outline"), ...done });
}

/**
 * Grey lines as paint: as opaque as they are bright.
 * @param {ImageBitmap} grey
 * @param {string} colour
 */
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
