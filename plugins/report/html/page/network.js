// The network as a graph from top to bottom. Operators that only pass on one input are left out.

const kRow = 30;
const kColumn = 176;

// Follows operators without units and with one input to the one that makes what they pass on.
function shownNodes() {
  const { sources } = data.network;
  const shown = sources.map((reads, node) => mappedOf(node) >= 0 || reads.length > 1);
  const origin = [];
  sources.forEach((reads, node) => {
    origin.push(shown[node] ? node : reads.length === 1 ? origin[reads[0]] : -1);
  });
  return sources
    .map((reads, node) =>
      shown[node] ? { node, from: [...new Set(reads.map((read) => origin[read]).filter((at) => at >= 0))] } : null,
    )
    .filter(Boolean);
}

// A row below all it reads; a column that nobody else has in this row, its first source's when that is free.
function laidOut() {
  const places = new Map();
  const taken = new Map();
  for (const { node, from } of shownNodes()) {
    const row = from.length === 0 ? 0 : 1 + Math.max(...from.map((at) => places.get(at).row));
    const inRow = taken.get(row) || new Set();
    let column = from.length === 0 ? 0 : places.get(from[0]).column;
    while (inRow.has(column)) {
      ++column;
    }
    const free = from.length > 1 ? Math.min(...from.map((at) => places.get(at).column)) : column;
    column = inRow.has(free) ? column : free;
    inRow.add(column);
    taken.set(row, inRow);
    places.set(node, { node, from, row, column });
  }
  return places;
}

const network = { places: laidOut() };

const centreOf = ({ row, column }) => [20 + column * kColumn + 74, 8 + row * kRow + 11];

// Straight down, or beside what lies between.
function linkBetween(from, to) {
  const [[x1, y1], [x2, y2]] = [centreOf(from), centreOf(to)];
  if (x1 === x2 && to.row - from.row > 1) {
    const aside = x1 - 74 - Math.min(16, 4 + 2 * (to.row - from.row));
    return `M${x1 - 74} ${y1}C${aside} ${y1} ${aside} ${y2} ${x2 - (to.box ? 74 : 8)} ${y2}`;
  }
  const middle = (y1 + y2) / 2;
  return `M${x1} ${y1 + 9}C${x1} ${middle} ${x2} ${middle} ${x2} ${y2 - 9}`;
}

function drawNode(place) {
  const operator = mappedOf(place.node);
  const [x, y] = centreOf(place);
  const [name, kind] = [nodeName(place.node), data.network.kinds[place.node]];
  if (operator < 0) {
    return linked(
      svg(
        "g",
        {},
        svg("circle", { class: "movement", cx: x, cy: y, r: 5 }),
        words(x + 10, y + 4, shortened(kind, 12), { class: "soft" }),
      ),
      -1,
      () => [name, kind],
    );
  }
  const { units, start_ps: start, end_ps: end } = operators[operator];
  return linked(
    svg(
      "g",
      {
        class: "node",
        tabindex: 0,
        role: "button",
        "aria-label": `${name}, ${kind}`,
        onkeydown: (event) => {
          if (event.key === "Enter" || event.key === " ") {
            event.preventDefault();
            choose(operator);
          }
        },
      },
      svg("rect", { class: "box", x: x - 74, y: y - 10, width: 148, height: 20, rx: 4 }),
      svg("rect", { class: colourClass(operator), x: x - 74, y: y - 10, width: 5, height: 20 }),
      words(x - 62, y + 4, shortName(name, 20)),
    ),
    operator,
    () => [name, kind, plural(units, unitName), `from ${timeText(start)} to ${timeText(end)}`],
  );
}

function drawNetwork(width) {
  const all = [...network.places.values()].map((place) => ({ ...place, box: mappedOf(place.node) >= 0 }));
  const columns = 1 + Math.max(0, ...all.map(({ column }) => column));
  const rows = 1 + Math.max(0, ...all.map(({ row }) => row));
  const size = [Math.max(width, 40 + columns * kColumn), rows * kRow + 12];
  const edges = all.flatMap((to) =>
    to.from.map((node) => {
      const from = network.places.get(node);
      return svg("path", { class: "edge", d: linkBetween(from, to), "data-operator": mappedOf(node) });
    }),
  );
  return picture(...size, `Network of ${plural(all.length, "operator")}`, edges, all.map(drawNode));
}

const kMostNodes = 4000;

function startNetwork() {
  if (network.places.size > kMostNodes) {
    section(
      "network",
      "Network",
      [],
      element("p", { class: "caption" }, `${plural(network.places.size, "operator")} are too many to draw.`),
    );
  } else if (network.places.size > 0) {
    figure("network", "Network", drawNetwork, {
      scroll: true,
      caption: [
        "Boxes are mapped operators, dots join several inputs; what passes on one input is left out. ",
        "Choose an operator here, in a table or in a chart to see it everywhere.",
      ],
    });
  }
}
