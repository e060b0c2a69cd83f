// Sections of the page: a heading, what can be chosen, a picture or a table, and a caption.

const figures = []; // {id, draw, place}, those that are drawn again when the window changes
const kPageWidth = 1160;

const savePicture = (id, title, place) =>
  button("save as SVG", `Save "${title}" as SVG`, () =>
    saveFile(fileName(id, ".svg"), "image/svg+xml", svgText(place.querySelector("svg"))),
  );
const saveTable = (made) =>
  button("save as CSV", `Save "${made.title}" as CSV`, () =>
    saveFile(fileName(made.id, ".csv"), "text/csv", made.csv()),
  );

function section(id, title, buttons, ...content) {
  const node = element(
    "section",
    { id, "aria-labelledby": `${id}-title` },
    element("header", {}, element("h2", { id: `${id}-title` }, title), element("div", { class: "buttons" }, buttons)),
    ...content,
  );
  document.getElementById("figures").append(node);
  return node;
}

// `draw(width)` gives a picture. What it shows beyond the picture stands in `caption`.
function figure(id, title, draw, { caption = [], controls = [], scroll = false } = {}) {
  const place = element("div", { class: scroll ? "place tall" : "place" });
  if (scroll) {
    filled(place, { tabindex: 0, role: "region", "aria-label": title }, []);
  }
  const node = section(
    id,
    title,
    [...controls, savePicture(id, title, place)],
    place,
    element("p", { class: "caption" }, caption),
  );
  const update = (width = place.clientWidth || kPageWidth) => {
    place.replaceChildren(draw(Math.max(300, Math.min(kPageWidth, width))));
    markChosen(place);
  };
  figures.push({ id, update, place });
  return { node, update, place };
}

function tableSection(made, caption = [], more = []) {
  made.show();
  return section(
    made.id,
    made.title,
    [saveTable(made)],
    element(
      "div",
      { class: "scroll", tabindex: 0, role: "region", "aria-labelledby": `${made.id}-title` },
      made.table,
    ),
    caption.length > 0 ? element("p", { class: "caption" }, caption) : null,
    more,
  );
}

// A table that is made when it is asked for.
function folded(summary, made) {
  const details = element(
    "details",
    {},
    element("summary", {}, summary),
    saveTable(made),
    element("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": made.title }, made.table),
  );
  details.addEventListener("toggle", () => details.open && made.table.childElementCount === 0 && made.show());
  return details;
}

// Names of colours from left to right, in lines of `width`; `height` is what they take.
function legend(entries, left, top, width) {
  const nodes = [];
  let [x, y] = [left, top];
  for (const { name, style } of entries) {
    const length = 26 + name.length * 6.6;
    if (x > left && x + length > left + width) {
      [x, y] = [left, y + 18];
    }
    nodes.push(
      svg("rect", { x, y: y - 10, width: 11, height: 11, class: style }),
      words(x + 16, y, name, { class: "soft" }),
    );
    x += length;
  }
  return { nodes, height: y - top + 20 };
}
