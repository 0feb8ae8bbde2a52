// The block "data_visualization": a small drawing, and the same numbers as a table.

import { el } from "./dom.js";

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 600;
const HEIGHT = 240;
const EDGE = { top: 12, right: 12, bottom: 44, left: 52 };
const INNER = { width: WIDTH - EDGE.left - EDGE.right, height: HEIGHT - EDGE.top - EDGE.bottom };
const LINES = 4;
const MOST_LABELS = 10;
const PIE = { x: 300, y: 110, radius: 96 };

const AXIS_CHARTS = { bar: drawBars, line: drawLines, area: drawAreas };

export function renderChart(block) {
  const { chart, title } = block;
  const drawing = chart.type === "pie" ? pie(chart.segments) : axisChart(chart);
  drawing.setAttribute("role", "img");
  drawing.setAttribute("aria-label", `${chart.type} chart: ${title}. The numbers are in the table below.`);
  const names = chart.type === "pie" ? chart.segments.map(({ label }) => label) : chart.series.map(({ name }) => name);
  return el("figure.chart", {},
    el("figcaption", {}, title), drawing,
    names.length > 1 && el("ul.legend", {}, names.map((name, index) => (
      el("li", {}, el("span.swatch", { "aria-hidden": "true", data: { series: String(index) } }), name)))),
    el("details", {}, el("summary", {}, "Show the numbers"),
      el("div.table-scroll", { role: "region", tabindex: "0", "aria-label": title }, numbers(chart))));
}

function numbers(chart) {
  const [head, rows] = chart.type === "pie" ? pieRows(chart.segments) : axisRows(chart);
  return el("table.grid", {},
    el("thead", {}, el("tr", {}, head.map((text, column) => (
      el("th", { scope: "col", data: { align: column ? "right" : undefined } }, text))))),
    el("tbody", {}, rows.map(([name, ...values]) => el("tr", {},
      el("th", { scope: "row" }, name),
      values.map((value) => el("td", { data: { align: "right" } }, String(value)))))));
}

const pieRows = (segments) => [["", "Value"], segments.map(({ label, value }) => [label, value])];

const axisRows = ({ series, axis_config: axis }) => [
  [axis.x_label ?? "", ...series.map(({ name }) => name)],
  axis.categories.map((category) => [category, ...series.map((one) => valueAt(one, category))]),
];

const valueAt = (series, category) => series.data.find(({ label }) => label === category).value;

function shape(tag, props, text = null) {
  const node = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(props)) node.setAttribute(key, String(value));
  if (text !== null) node.textContent = text;
  return node;
}

const canvas = (parts) => {
  const svg = shape("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "drawing" });
  svg.append(...parts);
  return svg;
};

function axisChart(chart) {
  const values = chart.series.flatMap(({ data }) => data.map(({ value }) => value));
  const scale = scaleFor(Math.min(0, ...values), Math.max(0, ...values));
  const { categories, x_label: xLabel, y_label: yLabel } = chart.axis_config;
  return canvas([
    ...gridLines(scale), ...categoryLabels(categories), ...AXIS_CHARTS[chart.type](chart, scale),
    ...axisTitle(xLabel, { x: EDGE.left + INNER.width / 2, y: HEIGHT - 6 }),
    ...axisTitle(yLabel, { x: -(EDGE.top + INNER.height / 2), y: 12, transform: "rotate(-90)" }),
  ]);
}

const axisTitle = (text, place) => (text ? [shape("text", { ...place, "text-anchor": "middle" }, text)] : []);

/** Round steps that hold all values: {low, high, step, y(value)}. */
function scaleFor(least, most) {
  const raw = (most - least || 1) / LINES;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= raw);
  const low = Math.floor(least / step) * step;
  const high = Math.max(low + step, Math.ceil(most / step) * step);
  return { low, high, step, y: (value) => EDGE.top + (1 - (value - low) / (high - low)) * INNER.height };
}

function gridLines({ low, high, step, y }) {
  const parts = [];
  for (let value = low; value <= high + step / 2; value += step) {
    const shown = Number(value.toFixed(6)).toLocaleString("en-US");
    parts.push(shape("line", { x1: EDGE.left, x2: WIDTH - EDGE.right, y1: y(value), y2: y(value), class: "rule" }));
    parts.push(shape("text", { x: EDGE.left - 8, y: y(value) + 4, "text-anchor": "end" }, shown));
  }
  return parts;
}

const middleOf = (index, count) => EDGE.left + ((index + 0.5) / count) * INNER.width;

/** Where there are many, only some are named: the table has them all. */
function categoryLabels(categories) {
  const every = Math.ceil(categories.length / MOST_LABELS);
  return categories.flatMap((category, index) => (index % every ? [] : [
    shape("text", { x: middleOf(index, categories.length), y: EDGE.top + INNER.height + 18, "text-anchor": "middle" },
      category),
  ]));
}

function drawBars({ series, axis_config: { categories } }, scale) {
  const wide = (INNER.width / categories.length) * 0.7;
  const bar = wide / series.length;
  return series.flatMap((one, place) => categories.map((category, index) => {
    const value = valueAt(one, category);
    const [top, bottom] = [scale.y(Math.max(0, value)), scale.y(Math.min(0, value))];
    const x = middleOf(index, categories.length) - wide / 2 + place * bar;
    return shape("rect", {
      x, y: top, width: Math.max(1, bar - 1), height: Math.max(1, bottom - top), "data-series": place,
    });
  }));
}

const pointsOf = (one, categories, scale) => categories.map(
  (category, index) => [middleOf(index, categories.length), scale.y(valueAt(one, category))],
);

function drawLines({ series, axis_config: { categories } }, scale) {
  return series.flatMap((one, place) => {
    const points = pointsOf(one, categories, scale);
    return [
      shape("polyline", { points: points.join(" "), "data-series": place, class: "curve" }),
      ...points.map(([cx, cy]) => shape("circle", { cx, cy, r: 3, "data-series": place })),
    ];
  });
}

function drawAreas(chart, scale) {
  const { series, axis_config: { categories } } = chart;
  const areas = series.map((one, place) => {
    const points = pointsOf(one, categories, scale);
    const [from, to] = [[points[0][0], scale.y(0)], [points.at(-1)[0], scale.y(0)]];
    return shape("polygon", { points: [from, ...points, to].join(" "), "data-series": place, class: "area" });
  });
  return [...areas, ...drawLines(chart, scale)];
}

function pie(segments) {
  const total = segments.reduce((sum, { value }) => sum + value, 0);
  let from = 0;
  return canvas(segments.map(({ value }, place) => {
    const to = from + value / total;
    const slice = sliceShape(from, to, place);
    from = to;
    return slice;
  }));
}

function sliceShape(from, to, place) {
  if (to - from > 0.999) return shape("circle", { cx: PIE.x, cy: PIE.y, r: PIE.radius, "data-series": place });
  const [x1, y1] = onCircle(from);
  const [x2, y2] = onCircle(to);
  const long = to - from > 0.5 ? 1 : 0;
  const outline = `M${PIE.x} ${PIE.y} L${x1} ${y1} A${PIE.radius} ${PIE.radius} 0 ${long} 1 ${x2} ${y2} Z`;
  return shape("path", { d: outline, "data-series": place, class: "slice" });
}

function onCircle(share) {
  const angle = share * 2 * Math.PI - Math.PI / 2;
  return [PIE.x + PIE.radius * Math.cos(angle), PIE.y + PIE.radius * Math.sin(angle)];
}
