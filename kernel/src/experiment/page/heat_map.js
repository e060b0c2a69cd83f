// A metric by two axes, everything else a geometric mean.

function heatMapFigure(metrics) {
  const variable = axes.map((axis, index) => index).filter((index) => axes[index].levels.length > 1);
  const metric = metricChoice("metric", metrics[0].name);
  const rows = axisChoice("rows", variable.length > 1 ? variable[0] : -1, "none");
  const columns = axisChoice("columns", variable[1] ?? variable[0] ?? 0);
  return figure("heat-map", "Heat map", [metric, rows, columns], (theme, width) =>
    drawHeatMap(theme, width, quantities.get(metric.value), Number(rows.value), Number(columns.value)));
}

const shownLevels = (axis) => (axis < 0 ? [-1]
  : axes[axis].levels.map((_, level) => level).filter((level) => shown[axis][level]));

function heatCells(quantity, rowAxis, columnAxis) {
  const selected = selectedPoints();
  const cells = [];
  for (const row of shownLevels(rowAxis)) {
    for (const column of shownLevels(columnAxis)) {
      const inside = selected.filter((point) => point.levels[columnAxis] === column &&
        (rowAxis < 0 || point.levels[rowAxis] === row));
      const values = inside.map((point) => valueOf(point, quantity)).filter((value) => value !== null);
      // One number needs no mean, and may be zero.
      cells.push({ row, column, value: values.length === 1 ? values[0] : geometricMean(values),
        why: [...new Set(inside.map((point) => point.state))].filter((state) => state !== "done").join(", ") });
    }
  }
  return cells;
}

// From 0 to 1; by logarithm when the values are far apart.
function shareOf(values) {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const logarithmic = low > 0 && high / low > 50;
  const of = logarithmic ? Math.log : (value) => value;
  return { low, high, logarithmic, share: (value) => (high === low ? 0.5 : (of(value) - of(low)) / (of(high) - of(low))) };
}

function heatCell(theme, cell, x, y, width, height, text, share) {
  const isDark = theme === kDark;
  const ink = (share > 0.5) === isDark ? "#10141a" : "#ffffff";
  return svg("g", { class: "cell" },
    svg("rect", { x, y, width: width - 1, height: height - 1, fill: share === null ? theme.paper : mixed(theme, share),
      stroke: share === null ? theme.line : "none" }, svg("title", {}, text)),
    width < 44 ? null : label(x + width / 2, y + height / 2 + 4, share === null ? cell.why || "-" : numberText(cell.shown, 3),
      { "text-anchor": "middle", "font-size": 11, fill: share === null ? theme.soft : ink }));
}

function heatLegend(theme, width, range, size, title) {
  const bar = Array.from({ length: 40 }, (_, i) =>
    svg("rect", { x: 130 + i * 4, y: 8, width: 4.5, height: 12, fill: mixed(theme, i / 39) }));
  return [...bar, label(124, 19, numberText(range.low / size), { "text-anchor": "end" }),
    label(298, 19, numberText(range.high / size)), label(370, 19, title + (range.logarithmic ? ", logarithmic" : ""))];
}

function drawHeatMap(theme, width, quantity, rowAxis, columnAxis) {
  const cells = heatCells(quantity, rowAxis, columnAxis);
  const values = cells.map((cell) => cell.value).filter((value) => value !== null);
  const caption = [`Geometric mean of what varies inside a cell; ${betterText(quantity.better)}.`];
  if (values.length === 0) {
    return { image: null, caption };
  }
  const [unit, size] = readableUnit(quantity, values);
  const range = shareOf(values);
  const rows = shownLevels(rowAxis);
  const columns = shownLevels(columnAxis);
  const left = 130;
  const step = Math.max(14, Math.min(110, (width - left - 20) / columns.length));
  const height = Math.max(16, Math.min(34, 500 / rows.length));
  const bottom = 40 + rows.length * height;
  const name = (axis, level) => (axis < 0 ? "all" : axes[axis].levels[level]);
  const tilt = columns.some((level) => name(columnAxis, level).length * 7 > step);
  const image = frame(theme, Math.max(width, left + 20 + columns.length * step), bottom + (tilt ? 110 : 44),
    `${quantity.name} by ${axes[columnAxis].name}`);
  image.append(...heatLegend(theme, width, range, size, titleOf(quantity, unit)));
  for (const cell of cells) {
    const share = cell.value === null ? null : range.share(cell.value);
    cell.shown = cell.value === null ? null : cell.value / size;
    const text = `${name(rowAxis, cell.row)}, ${name(columnAxis, cell.column)}: ${
      share === null ? cell.why || "no number" : `${numberText(cell.shown)} ${unit}`}`;
    image.append(heatCell(theme, cell, left + columns.indexOf(cell.column) * step, 40 + rows.indexOf(cell.row) * height,
      step, height, text, share));
  }
  rows.forEach((level, i) => image.append(label(left - 8, 44 + (i + 0.5) * height, shortened(name(rowAxis, level), 14),
    { "text-anchor": "end" })));
  columns.forEach((level, i) => {
    const x = left + (i + 0.5) * step;
    image.append(label(x, bottom + 16, shortened(name(columnAxis, level), 18), tilt
      ? { "text-anchor": "end", transform: `rotate(-35 ${x} ${bottom + 16})` } : { "text-anchor": "middle" }));
  });
  const middle = 40 + (rows.length * height) / 2;
  image.append(label(left + (columns.length * step) / 2, bottom + (tilt ? 104 : 38), axes[columnAxis].name,
    { "text-anchor": "middle" }), label(14, middle, rowAxis < 0 ? "" : axes[rowAxis].name,
    { "text-anchor": "middle", transform: `rotate(-90 14 ${middle})` }));
  return { image, caption };
}
