// Elements of the page, and files that it saves.

function element(name, attributes = {}, ...children) {
  return filled(document.createElement(name), attributes, children);
}

function svg(name, attributes = {}, ...children) {
  return filled(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
}

// Children that are texts become text nodes: a name is never read as markup.
function filled(node, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) {
      node.addEventListener(key.slice(2), value);
    } else if (value !== null && value !== false && value !== undefined) {
      node.setAttribute(key, value === true ? "" : value);
    }
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return node;
}

const button = (content, label, onclick) =>
  element("button", { type: "button", "aria-label": label, onclick }, content);

// A picture that shrinks with its place and never grows beyond its size.
function picture(width, height, label, ...children) {
  return svg(
    "svg",
    { width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label },
    svg("rect", { class: "paper", width, height }),
    ...children,
  );
}
const words = (x, y, content, attributes = {}) => svg("text", { x, y, ...attributes }, content);

function saveFile(name, type, content) {
  const link = element("a", { href: URL.createObjectURL(new Blob([content], { type })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
const fileName = (what, ending) => `${run.name}-${what}`.replace(/[^A-Za-z0-9._-]+/g, "-") + ending;

const kSavedStyles = [
  "fill",
  "fill-opacity",
  "stroke",
  "stroke-width",
  "stroke-dasharray",
  "stroke-linejoin",
  "opacity",
  "font-size",
  "font-weight",
  "font-family",
  "text-anchor",
  "display",
];

// A figure by itself: in the colours of paper, styles as attributes, so that any program can draw it.
function svgText(node) {
  const root = document.documentElement;
  const before = root.dataset.theme;
  root.dataset.theme = "light";
  const copy = node.cloneNode(true);
  const originals = [node, ...node.querySelectorAll("*")];
  [copy, ...copy.querySelectorAll("*")].forEach((one, i) => {
    const style = getComputedStyle(originals[i]);
    kSavedStyles.forEach((name) => one.setAttribute(name, style.getPropertyValue(name)));
    one.removeAttribute("class");
    one.removeAttribute("tabindex");
  });
  copy.querySelectorAll("[display=none]").forEach((one) => one.remove());
  if (before === undefined) {
    delete root.dataset.theme;
  } else {
    root.dataset.theme = before;
  }
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(copy)}\n`;
}

// As RFC 4180 asks: quoted when there is a comma, a quote or a line break.
const csvCell = (value) => {
  const content = String(value ?? "");
  return /[",\r\n]/.test(content) ? `"${content.replaceAll('"', '""')}"` : content;
};
const csvText = (rows) => rows.map((row) => `${row.map(csvCell).join(",")}\n`).join("");
