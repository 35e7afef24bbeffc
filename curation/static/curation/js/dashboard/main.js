/** The dashboard's plots, drawn again when the theme changes. */

import { plotOf, whenThemeChanges } from "./plot.js";

const charts = JSON.parse(document.getElementById("dashboard-charts")?.textContent ?? "{}");
/** @type {{destroy: () => void}[]} */
let drawn = [];

function draw() {
  for (const plot of drawn) plot.destroy();
  drawn = [...document.querySelectorAll("canvas[data-chart]")].flatMap((canvas) => {
    const name = /** @type {HTMLElement} */ (canvas).dataset.chart ?? "";
    return charts[name] ? [new window.Chart(canvas, plotOf(charts[name]))] : [];
  });
}

draw();
whenThemeChanges(draw);
document.documentElement.dataset.ready = "";
