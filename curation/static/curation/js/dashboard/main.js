/** The dashboard's plots, drawn again when the theme changes. */

import { plotOf, whenThemeChanges } from "./plot.js";

const charts = JSON.parse(document.getElementById("dashboard-charts")?.textContent ?? "{}");
/** @type {{destroy: () => void}[]} */
let drawn = [];

function draw() {
  for (const plot of drawn) plot.destroy();
  const canvases = /** @type {NodeListOf<HTMLCanvasElement>} */ (document.querySelectorAll("canvas[data-chart]"));
  drawn = [...canvases].flatMap((canvas) => {
    const name = canvas.dataset.chart ?? "";
    if (!charts[name]) return [];
    return [new window.Chart(canvas, /** @type {import("chart.js").ChartConfiguration} */ (plotOf(charts[name])))];
  });
}

draw();
whenThemeChanges(draw);
document.documentElement.dataset.ready = "";
