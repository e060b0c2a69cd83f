// Two metrics against one another, with the points that no other one beats in both.

function directionChoice(title, better) {
  return choice(title, [[-1, "small"], [1, "large"]], better > 0 ? 1 : -1);
}

function scatterFigure(metrics) {
  const [first, second] = ownFront.metrics.filter((name) => quantities.has(name));
  const x = metricChoice("across", second ? first : metrics[0].name);
  const y = metricChoice("up", second || (metrics[1] || metrics[0]).name);
  const betterX = directionChoice("across is better", quantities.get(x.value).better);
  const betterY = directionChoice("up is better", quantities.get(y.value).better);
  const follow = (metric, direction) => metric.list.addEventListener("change", () => {
    direction.list.value = quantities.get(metric.value).better > 0 ? 1 : -1;
  });
  follow(x, betterX);
  follow(y, betterY);
  const colour = axisChoice("colour", axes.length > 0 ? 0 : -1, "none");
  return figure("scatter", "Scatter with the Pareto front", [x, betterX, y, betterY, colour], (theme, width) =>
    drawScatter(theme, width, quantities.get(x.value), quantities.get(y.value), Number(betterX.value),
      Number(betterY.value), Number(colour.value)));
}

function scatterItems(x, y) {
  return selectedPoints().map((point) => ({ point, x: valueOf(point, x), y: valueOf(point, y) }))
    .filter((item) => item.x !== null && item.y !== null);
}

// The front as steps: what is reached, not what lies between two points.
function frontLine(theme, front, place) {
  const steps = front.map((item, index) => {
    const [x, y] = place(item);
    return index === 0 ? `M${x} ${y}` : `V${y}H${x}`;
  });
  return svg("path", { d: steps.join(""), fill: "none", stroke: theme.accent, "stroke-width": 1.5, class: "front" });
}

function frontList(front, x, y) {
  const text = (item) => `${describe(item.point)}: ${titleOf(x, "")} ${exactText(item.x)} ${x.unit}, ${
    titleOf(y, "")} ${exactText(item.y)} ${y.unit}`;
  return element("ol", { "aria-label": "Pareto front" },
    front.map((item) => element("li", {}, element("a", { href: item.point.file }, text(item)))));
}

// A point as a circle; as a square when the experiment's own front, of more metrics perhaps, has it.
function mark(theme, item, [cx, cy], isOnFront, fill, title) {
  const r = isOnFront ? 5 : 4;
  const isOwn = onOwnFront.has(item.point.index);
  const look = { fill, "fill-opacity": 0.8, stroke: isOnFront ? theme.accent : isOwn ? theme.ink : theme.paper,
    "stroke-width": isOnFront ? 2 : isOwn ? 1 : 0.5 };
  const shape = isOwn
    ? svg("rect", { x: cx - r, y: cy - r, width: 2 * r, height: 2 * r, ...look }, svg("title", {}, title))
    : svg("circle", { cx, cy, r, ...look }, svg("title", {}, title));
  return svg("a", { href: item.point.file, tabindex: -1 }, shape);
}

function ownFrontText() {
  return onOwnFront.size === 0 ? []
    : [element("p", {}, `Squares: the ${onOwnFront.size} points on the experiment's own front (${
      ownFront.metrics.join(", ")}).`)];
}

function drawScatter(theme, width, x, y, betterX, betterY, colourAxis) {
  const items = scatterItems(x, y);
  if (items.length === 0) {
    return { image: null, caption: [] };
  }
  const front = paretoFront(items, betterX, betterY);
  const [unitX, sizeX] = readableUnit(x, items.map((item) => item.x));
  const [unitY, sizeY] = readableUnit(y, items.map((item) => item.y));
  const names = colourAxis < 0 ? [] : axes[colourAxis].levels;
  const legend = names.length > 24 ? { nodes: [], height: 0 } : legendOf(theme, names, 70, 18, width - 90);
  const box = { left: 70, top: legend.height + 20, right: width - 24, bottom: legend.height + 360 };
  const scaleX = scaleOf(items.map((item) => item.x / sizeX), box.left, box.right);
  const scaleY = scaleOf(items.map((item) => item.y / sizeY), box.bottom, box.top);
  const place = (item) => [scaleX.place(item.x / sizeX), scaleY.place(item.y / sizeY)];
  const image = frame(theme, width, box.bottom + 54, `${x.name} against ${y.name}`);
  image.append(...legend.nodes, ...axesOf(theme, box, scaleX, scaleY, titleOf(x, unitX), titleOf(y, unitY)),
    frontLine(theme, front, place));
  const onFront = new Set(front);
  const height = (item) => 2 * onFront.has(item) + onOwnFront.has(item.point.index);   // fronts above the others
  for (const item of [...items].sort((a, b) => height(a) - height(b))) {
    const fill = colourAxis < 0 ? theme.series[0] : colourOf(theme, item.point.levels[colourAxis], names.length);
    image.append(mark(theme, item, place(item), onFront.has(item), fill,
      `${describe(item.point)}: ${numberText(item.x / sizeX)} ${unitX}, ${numberText(item.y / sizeY)} ${unitY}`));
  }
  return { image, caption: [`${front.length} of ${items.length} points are on the Pareto front (${x.name} ${
    betterX < 0 ? "small" : "large"}, ${y.name} ${betterY < 0 ? "small" : "large"}), ringed and listed:`,
  frontList(front, x, y), ...ownFrontText()] };
}
