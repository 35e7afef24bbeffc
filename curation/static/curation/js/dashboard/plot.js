/** One plot from what the server counted. */

/**
 * @typedef {{label: string, data: (number | null)[], moods: string[], tone: number, line: boolean}} Series
 * @typedef {{labels: string[], series: Series[], percent: boolean, across: boolean, stacked: boolean}} ChartData
 */

/**
 * What Chart.js is asked for.
 * @param {ChartData} chart
 */
export function plotOf(chart) {
  const [values, names] = chart.across ? ["x", "y"] : ["y", "x"];
  const text = colour("--body-fg");
  const numbers = new Intl.NumberFormat(document.documentElement.lang, chart.percent ? { style: "percent" } : {});
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const ticks = { color: text, precision: chart.percent ? undefined : 0 };
  return {
    type: "bar",
    data: { labels: chart.labels, datasets: chart.series.map(barsOf) },
    options: {
      indexAxis: names,
      maintainAspectRatio: false,
      animation: still ? false : { duration: 300 },
      scales: {
        [values]: {
          stacked: chart.stacked,
          beginAtZero: true,
          suggestedMax: chart.percent ? 1 : undefined,
          ticks: { ...ticks, callback: (/** @type {number} */ value) => numbers.format(value) },
          grid: { color: colour("--hairline-color") },
        },
        [names]: { stacked: chart.stacked, ticks: { color: text, autoSkip: !chart.across }, grid: { display: false } },
      },
      plugins: {
        legend: { display: chart.series.length > 1, labels: { color: text } },
        tooltip: {
          callbacks: {
            label: (/** @type {{dataset: {label: string}, raw: number}} */ bar) =>
              `${bar.dataset.label}: ${numbers.format(bar.raw)}`,
          },
        },
      },
    },
  };
}

/** What is not there is hollow. @param {number} number */
function filling(number) {
  return number < 0 ? "transparent" : tone(number);
}

/** @param {Series} series */
function barsOf(series) {
  const fill = series.moods.length ? series.moods.map((mood) => MOODS[mood] ?? tone(0)) : filling(series.tone);
  return {
    label: series.label,
    data: series.data,
    backgroundColor: fill,
    borderColor: colour("--bar-edge"),
    borderWidth: 1,
    maxBarThickness: 40,
  };
}

/** @type {Record<string, string>} */
export const MOODS = {
  happy: "#f6b73c",
  surprised: "#f58fb8",
  calm: "#6cc6b2",
  angry: "#f0695a",
  fear: "#a392f0",
  confused: "#c9a7e8",
  disgusted: "#b4c75a",
  sad: "#7fa8f5",
};
const TONES = 6;

/** @param {string} name */
export function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** @param {number} number */
export function tone(number) {
  return colour(`--tone-${number % TONES}`);
}

/** @param {() => void} redraw */
export function whenThemeChanges(redraw) {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  new MutationObserver(redraw).observe(document.documentElement, { attributeFilter: ["data-theme"] });
}
