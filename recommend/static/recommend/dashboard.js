/** Draws the figures of the page; the tables below each chart say the same. */

import { readJson } from "../garden/lib/page.js";

/**
 * @typedef {{label: string, values: (number | null)[], lows: (number | null)[], highs: (number | null)[]}} Series
 * @typedef {{id: string, kind: "bar" | "line", labels: string[], series: Series[]}} Figure
 */

const WHISKER = 4;
const COLOURS = ["#417690", "#c98a1b", "#7a7a7a"];

/**
 * @param {string} name of a property of the page's style
 * @param {string} fallback
 */
function colourOf(name, fallback) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim() || fallback;
}

/**
 * The confidence interval of each point.
 * @param {Figure} figure
 * @param {string} colour
 * @returns {import("chart.js").Plugin}
 */
function whiskersOf(figure, colour) {
  return {
    id: "whiskers",
    afterDatasetsDraw(chart) {
      figure.series.forEach(({ lows, highs }, index) => {
        if (!chart.isDatasetVisible(index)) return;
        chart.getDatasetMeta(index).data.forEach((point, place) => {
          drawWhisker(chart, point.x, lows[place], highs[place], colour);
        });
      });
    },
  };
}

/**
 * @param {import("chart.js").Chart} chart
 * @param {number} x
 * @param {number | null} low
 * @param {number | null} high
 * @param {string} colour
 */
function drawWhisker({ ctx: pen, scales }, x, low, high, colour) {
  if (low === null || high === null) return;
  const [bottom, top] = [scales.y.getPixelForValue(low), scales.y.getPixelForValue(high)];
  pen.save();
  pen.strokeStyle = colour;
  pen.beginPath();
  pen.moveTo(x, bottom);
  pen.lineTo(x, top);
  for (const end of [bottom, top]) {
    pen.moveTo(x - WHISKER, end);
    pen.lineTo(x + WHISKER, end);
  }
  pen.stroke();
  pen.restore();
}

/** @param {Figure} figure */
function draw(figure) {
  const text = colourOf("--body-fg", "#333");
  const axis = { ticks: { color: text }, grid: { color: colourOf("--hairline-color", "#e8e8e8") } };
  const highest = Math.max(0, ...figure.series.flatMap(({ highs }) => highs.map((high) => high ?? 0)));
  const datasets = figure.series.map(({ label, values }, index) => {
    const colour = COLOURS[index % COLOURS.length];
    return { label, data: values, backgroundColor: colour, borderColor: colour };
  });
  const canvas = /** @type {HTMLCanvasElement} */ (document.getElementById(figure.id));
  new window.Chart(canvas, {
    type: figure.kind,
    data: { labels: figure.labels, datasets },
    options: {
      animation: false,
      maintainAspectRatio: false,
      plugins: { legend: { labels: { color: text } } },
      scales: {
        x: axis,
        y: { ...axis, beginAtZero: true, suggestedMax: highest, title: { display: true, text: "%", color: text } },
      },
    },
    plugins: [whiskersOf(figure, text)],
  });
}

for (const figure of /** @type {Figure[]} */ (readJson("charts"))) draw(figure);
