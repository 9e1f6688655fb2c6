// Draws the figures of a report. Colours are CSS variables, so that light, dark and print need no
// second drawing; every text has been written in the page's language already.
import { init, use } from "echarts/core";
import { BarChart, SankeyChart } from "echarts/charts";
import { GridSimpleComponent } from "echarts/components";
import { SVGRenderer } from "echarts/renderers";

use([BarChart, SankeyChart, GridSimpleComponent, SVGRenderer]);

const INK = "var(--ink)", SOFT = "var(--soft)", LINE = "var(--line)";
const tone = (name) => `var(--${name})`;
const PAPER = 860; // pixels of a chart that is printed: a little smaller than on a screen
const quiet = { emphasis: { disabled: true }, silent: false, animation: false };

function font(size) {
  return { fontSize: size, fontFamily: getComputedStyle(document.body).fontFamily, color: INK };
}

function names(values, width, extra) {
  return {
    type: "category", data: values, inverse: true,
    axisLine: { show: false }, axisTick: { show: false },
    axisLabel: { ...font(12.5), interval: 0, width, overflow: "break", lineHeight: 15, ...extra },
  };
}

function numbers(extra) {
  return {
    type: "value", axisLabel: { show: false }, axisLine: { show: false }, axisTick: { show: false },
    splitLine: { show: false }, ...extra,
  };
}

function rounded(horizontal, left) {
  return left ? [4, 0, 0, 4] : horizontal ? [0, 4, 4, 0] : [4, 4, 0, 0];
}

function longest(names) {
  const wide = (name) => [...name].reduce((sum, char) => sum + (char.charCodeAt(0) > 0x2e7f ? 13.2 : 7.8), 0);
  return Math.ceil(Math.max(0, ...names.map(wide)));
}

function gutter(spec, width) {
  return Math.min(longest(spec.names) + 6, Math.max(84, Math.round(width * 0.3)));
}

// Bars side by side or behind each other; a row for each name.
function bars(spec, width) {
  const left = gutter(spec, width);
  const stacked = spec.stacked;
  const series = spec.series.map((each, place) => ({
    ...quiet, type: "bar", name: each.name, stack: stacked ? "all" : undefined,
    barMaxWidth: spec.series.length > 1 && !stacked ? 13 : 20, barGap: "15%", barMinHeight: 0,
    data: each.values.map((value, row) => ({
      value, itemStyle: {
        color: tone(each.tones ? each.tones[row] : each.tone),
        borderRadius: stacked ? 0 : value < 0 ? [4, 0, 0, 4] : rounded(true),
        borderColor: stacked ? "var(--card)" : undefined, borderWidth: stacked ? 1 : 0,
      },
      label: { position: value < 0 ? "left" : "right" },
    })),
    label: { show: !stacked, ...font(12), color: INK, formatter: (p) => each.texts[p.dataIndex] },
    z: place,
  }));
  const signed = spec.series.some((each) => each.values.some((value) => value < 0));
  return {
    height: spec.names.length * (stacked || spec.series.length === 1 ? 30 : spec.series.length * 17 + 14) + 12,
    option: {
      grid: { left: left + (signed ? 76 : 10), right: stacked ? 12 : 88, top: 4, bottom: 4 },
      xAxis: numbers({ max: "dataMax", min: signed ? "dataMin" : 0 }),
      yAxis: names(spec.names, left, signed ? { align: "right", margin: 82 } : {}),
      series,
    },
    says: (p) => [spec.names[p.dataIndex], `${p.seriesName}  ${spec.series[p.seriesIndex].texts[p.dataIndex]}`],
  };
}

// Two bars back to back: the names stand between them.
function sides(spec, width) {
  const middle = Math.min(gutter(spec, width) + 24, 180);
  const half = Math.floor((width - middle) / 2);
  const top = Math.max(...spec.series.flatMap((each) => each.values));
  const series = spec.series.map((each, side) => ({
    ...quiet, type: "bar", name: each.name, xAxisIndex: side, yAxisIndex: side, barMaxWidth: 30, barCategoryGap: "22%",
    data: each.values.map((value) => ({
      value, itemStyle: { color: tone(each.tone), borderRadius: rounded(true, side === 0) },
    })),
    label: { show: true, position: side ? "right" : "left", ...font(13), formatter: (p) => each.texts[p.dataIndex] },
  }));
  return {
    height: spec.names.length * 42 + 12,
    option: {
      grid: [
        { left: 56, width: half - 56, top: 4, bottom: 4 },
        { left: half + middle, width: half - 56, top: 4, bottom: 4 },
      ],
      xAxis: [
        numbers({ gridIndex: 0, inverse: true, min: 0, max: top }),
        numbers({ gridIndex: 1, min: 0, max: top }),
      ],
      yAxis: [
        { ...names(spec.names, middle - 12, { align: "center", margin: middle / 2, fontWeight: 600 }), gridIndex: 0, position: "right" },
        { ...names(spec.names, 0, { show: false }), gridIndex: 1 },
      ],
      series,
    },
    says: (p) => [spec.names[p.dataIndex], `${p.seriesName}  ${spec.series[p.seriesIndex].texts[p.dataIndex]}`],
  };
}

// How many there are of each, from left to right.
function columns(spec) {
  const [each] = spec.series;
  return {
    height: 190,
    option: {
      grid: { left: 8, right: 8, top: 22, bottom: 24 },
      xAxis: {
        type: "category", data: spec.names, axisTick: { show: false },
        axisLine: { lineStyle: { color: LINE } },
        axisLabel: { ...font(11), color: SOFT, hideOverlap: true, interval: "auto" },
      },
      yAxis: numbers({ min: 0 }),
      series: [{
        ...quiet, type: "bar", name: each.name, barCategoryGap: "8%",
        data: each.values.map((value) => ({ value, itemStyle: { color: tone(each.tone), borderRadius: [3, 3, 0, 0] } })),
      }],
    },
    says: (p) => [spec.ranges[p.dataIndex], `${each.name}  ${each.texts[p.dataIndex]}`],
  };
}

function flow(spec, width) {
  const narrow = width < 520;
  const last = spec.nodes.filter((node) => node.depth === 2);
  const right = Math.max(longest(last.map((n) => n.name)), longest(last.map((n) => n.text)),
    narrow ? 0 : longest(last.map((n) => `${n.name}  ${n.text}`))) + 8;
  return {
    height: Math.max(narrow ? 340 : 260, spec.rows * 56),
    option: {
      series: [{
        ...quiet, type: "sankey", left: 4, right: Math.min(right, width * 0.3), top: 12, bottom: 12, layoutIterations: 0,
        draggable: false, nodeWidth: 12, nodeGap: narrow ? 26 : 16, nodeAlign: "left",
        data: spec.nodes.map((node) => ({
          name: node.id, depth: node.depth, itemStyle: { color: tone(node.tone), borderWidth: 0 },
          label: { formatter: () => (narrow ? `${node.name}\n${node.text}` : `${node.name}  ${node.text}`) },
        })),
        links: spec.links.map((link) => ({
          source: link.source, target: link.target, value: link.value,
          lineStyle: { color: tone(link.tone), opacity: 0.32, curveness: 0.5 },
        })),
        label: { ...font(narrow ? 11 : 12.5), position: "right", lineHeight: 14, textBorderColor: "var(--card)", textBorderWidth: 3 },
      }],
    },
    says: (p) => {
      if (p.dataType === "node") return [spec.nodes[p.dataIndex].name, spec.nodes[p.dataIndex].text];
      return [spec.links[p.dataIndex].name, spec.links[p.dataIndex].text];
    },
  };
}

const KINDS = { bars, sides, columns, flow };

// ---------------------------------------------------------------- what floats beside the mouse

const tip = document.createElement("div");
tip.className = "tip";
tip.hidden = true;

function tell(lines, event) {
  tip.replaceChildren(...lines.map((line, place) => {
    const said = document.createElement(place ? "span" : "b");
    said.textContent = line;
    return said;
  }));
  tip.hidden = false;
  const wide = tip.offsetWidth, mouse = event.event;
  const x = Math.min(mouse.clientX + 14, document.documentElement.clientWidth - wide - 8);
  tip.style.left = `${Math.max(4, x)}px`;
  tip.style.top = `${mouse.clientY + 16}px`;
}

// ---------------------------------------------------------------- all charts of the page

const drawn = [];

function fit(each, width) {
  const made = KINDS[each.spec.kind](each.spec, width);
  each.says = made.says;
  each.place.style.height = `${made.height}px`;
  each.chart.resize({ width, height: made.height });
  each.chart.setOption({ ...made.option, animation: false, stateAnimation: { duration: 0 } }, true);
  const svg = each.place.querySelector("svg");
  svg.setAttribute("viewBox", `0 0 ${width} ${made.height}`);
  svg.setAttribute("aria-hidden", "true");
}

function draw(place, spec) {
  const width = place.clientWidth || 640;
  place.style.height = "200px";
  const each = { place, spec, chart: init(place, null, { renderer: "svg", width, height: 200 }) };
  each.chart.on("mouseover", (p) => tell(each.says(p), p.event));
  each.chart.on("mouseout", () => { tip.hidden = true; });
  fit(each, width);
  drawn.push(each);
}

function start() {
  const specs = JSON.parse(document.getElementById("charts").textContent);
  document.body.append(tip);
  for (const place of document.querySelectorAll(".chart[data-chart]")) {
    const spec = specs[Number(place.dataset.chart)];
    if (spec) draw(place, spec);
  }
  let waiting = 0;
  addEventListener("resize", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => drawn.forEach((each) => fit(each, each.place.clientWidth)), 120);
  });
  addEventListener("beforeprint", () => {
    document.querySelectorAll("details:not([open])").forEach((each) => { each.open = true; each.dataset.shut = ""; });
    drawn.forEach((each) => fit(each, each.place.closest(".half") ? PAPER / 2 - 20 : PAPER));
  });
  addEventListener("afterprint", () => {
    document.querySelectorAll("details[data-shut]").forEach((each) => { each.open = false; delete each.dataset.shut; });
    drawn.forEach((each) => fit(each, each.place.clientWidth));
  });
}

start();
