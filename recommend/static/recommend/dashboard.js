// Draws the figures of the page; the tables below each chart say the same.
const WHISKER = 4;

const whiskers = {
  id: "whiskers",
  afterDatasetsDraw(chart) {
    chart.data.datasets.forEach((dataset, index) => {
      if (!chart.isDatasetVisible(index)) return;
      chart.getDatasetMeta(index).data.forEach((point, place) => {
        drawWhisker(chart, dataset, point, place);
      });
    });
  },
};

function drawWhisker(chart, dataset, point, place) {
  const [low, high] = [dataset.lows[place], dataset.highs[place]];
  if (low === null || high === null) return;
  const [bottom, top] = [chart.scales.y.getPixelForValue(low), chart.scales.y.getPixelForValue(high)];
  const pen = chart.ctx;
  pen.save();
  pen.strokeStyle = dataset.whisker;
  pen.beginPath();
  pen.moveTo(point.x, bottom);
  pen.lineTo(point.x, top);
  for (const end of [bottom, top]) {
    pen.moveTo(point.x - WHISKER, end);
    pen.lineTo(point.x + WHISKER, end);
  }
  pen.stroke();
  pen.restore();
}

function colours() {
  const style = getComputedStyle(document.documentElement);
  const of = (name, fallback) => style.getPropertyValue(name).trim() || fallback;
  return {
    text: of("--body-fg", "#333"),
    grid: of("--hairline-color", "#e8e8e8"),
    series: ["#417690", "#c98a1b", "#7a7a7a"],
  };
}

function draw(figure) {
  const { text, grid, series } = colours();
  const datasets = figure.series.map((line, index) => ({
    label: line.label,
    data: line.values,
    lows: line.lows,
    highs: line.highs,
    whisker: text,
    backgroundColor: series[index % series.length],
    borderColor: series[index % series.length],
  }));
  const highest = Math.max(0, ...figure.series.flatMap((line) => line.highs.filter((value) => value !== null)));
  const axis = { ticks: { color: text }, grid: { color: grid } };
  new window.Chart(document.getElementById(figure.id), {
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
    plugins: [whiskers],
  });
}

for (const figure of JSON.parse(document.getElementById("charts").textContent)) draw(figure);
