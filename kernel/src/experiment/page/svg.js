// Figures: elements, colours, scales, axes. Colours are attributes, so that a saved figure needs no style.

const kLight = {
  ink: "#1c1f23", soft: "#59616b", paper: "#ffffff", line: "#d4d8de", accent: "#c1272d",
  series: ["#2066b0", "#d9730d", "#16886a", "#b5408f", "#7a5cc7", "#8a6d00", "#0e8aa6", "#767c85"],
  low: [226, 236, 247], high: [12, 62, 122],
};
const kDark = {
  ink: "#e7e9ec", soft: "#a4acb7", paper: "#16181c", line: "#3a4049", accent: "#ff8a80",
  series: ["#5b9fe6", "#f0983f", "#3fbf98", "#e07bbd", "#a892ee", "#cbb04a", "#45c0da", "#a2a9b3"],
  low: [33, 44, 58], high: [140, 196, 255],
};
const darkScheme = matchMedia("(prefers-color-scheme: dark)");
const screenTheme = () => (darkScheme.matches ? kDark : kLight);

function element(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  return filled(node, attributes, children);
}

function svg(name, attributes = {}, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", name);
  return filled(node, attributes, children);
}

// Children that are texts become text nodes: a name is never read as markup.
function filled(node, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) {
      node.addEventListener(key.slice(2), value);
    } else if (value !== null && value !== false) {
      node.setAttribute(key, value === true ? "" : value);
    }
  }
  node.append(...children.flat().filter((child) => child !== null));
  return node;
}

function frame(theme, width, height, label) {
  return svg("svg", {
    xmlns: "http://www.w3.org/2000/svg", width, height, viewBox: `0 0 ${width} ${height}`, role: "img",
    "aria-label": label, "font-family": "system-ui, Arial, sans-serif", "font-size": 12, fill: theme.ink,
  }, svg("rect", { width, height, fill: theme.paper }));
}

const mixed = (theme, share) =>
  `rgb(${theme.low.map((low, i) => Math.round(low + share * (theme.high[i] - low))).join(",")})`;

// Of level `index` of `count`: colours that people tell apart, or shades in order when there are too many.
function colourOf(theme, index, count) {
  return count <= theme.series.length ? theme.series[index]
    : mixed(theme, 0.15 + (0.85 * index) / Math.max(1, count - 1));
}

function niceStep(span, count) {
  const raw = span / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  return power * [1, 2, 5, 10].find((factor) => factor * power >= raw * 0.999);
}

// From numbers to places. Logarithmic when all are positive and far apart, unless it must hold zero.
function scaleOf(values, from, to, { zero = false } = {}) {
  let low = Math.min(...values, zero ? 0 : Infinity);
  let high = Math.max(...values, zero ? 0 : -Infinity);
  if (!zero && low > 0 && high / low > 50) {
    const decades = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
    const place = (value) =>
      from + ((Math.log10(value) - decades[0]) / (decades[1] - decades[0])) * (to - from);
    const step = Math.ceil((decades[1] - decades[0]) / 8);
    const ticks = [];
    for (let decade = decades[0]; decade <= decades[1]; decade += step) {
      ticks.push(10 ** decade);
    }
    return { place, ticks, logarithmic: true };
  }
  if (low === high) {
    const margin = Math.abs(low) || 1;
    low -= zero ? 0 : margin / 10;
    high += margin / 10;
  }
  const step = niceStep(high - low, 6);
  low = Math.floor(low / step + 1e-9) * step;
  high = Math.ceil(high / step - 1e-9) * step;
  const ticks = Array.from({ length: Math.round((high - low) / step) + 1 }, (_, i) => low + i * step);
  return { place: (value) => from + ((value - low) / (high - low)) * (to - from), ticks };
}

function label(x, y, content, attributes = {}) {
  return svg("text", { x, y, ...attributes }, content);
}

const shortened = (content, most) => (content.length <= most ? content : `${content.slice(0, most - 1)}…`);

// Lines and numbers of both axes around `box`: {left, top, right, bottom}; x may be null.
function axesOf(theme, box, x, y, xTitle, yTitle) {
  const nodes = [];
  for (const tick of y.ticks) {
    const at = y.place(tick);
    nodes.push(svg("line", { x1: box.left, x2: box.right, y1: at, y2: at, stroke: theme.line }));
    nodes.push(label(box.left - 6, at + 4, numberText(tick), { "text-anchor": "end", fill: theme.soft }));
  }
  for (const tick of x ? x.ticks : []) {
    const at = x.place(tick);
    nodes.push(svg("line", { x1: at, x2: at, y1: box.top, y2: box.bottom, stroke: theme.line }));
    nodes.push(label(at, box.bottom + 16, numberText(tick), { "text-anchor": "middle", fill: theme.soft }));
  }
  const middle = (box.top + box.bottom) / 2;
  nodes.push(label(16, middle, yTitle, { "text-anchor": "middle", transform: `rotate(-90 16 ${middle})` }));
  nodes.push(label((box.left + box.right) / 2, box.bottom + 40, xTitle, { "text-anchor": "middle" }));
  return nodes;
}

// Names of colours from left to right, in lines of `width`; `height` is what they take.
function legendOf(theme, names, left, top, width) {
  const nodes = [];
  let x = left;
  let y = top;
  for (const [index, name] of names.entries()) {
    const content = shortened(name, 28);
    const length = 24 + content.length * 7;
    if (x > left && x + length > left + width) {
      x = left;
      y += 18;
    }
    nodes.push(svg("rect", { x, y: y - 10, width: 11, height: 11, fill: colourOf(theme, index, names.length) }));
    nodes.push(label(x + 16, y, content, {}));
    x += length;
  }
  return { nodes, height: y - top + 18 };
}

function saveSvg(node, name) {
  const link = element("a", {
    href: URL.createObjectURL(new Blob([svgText(node)], { type: "image/svg+xml" })), download: `${name}.svg`,
  });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

const svgText = (node) => `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(node)}\n`;
