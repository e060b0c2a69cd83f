// Grouped bars: one axis beside another one, everything else a geometric mean.

function barsFigure(metrics) {
  const variable = axes.map((axis, index) => index).filter((index) => axes[index].levels.length > 1);
  const stated = data.baseline;
  const barAxis = stated ? stated.axis : variable.length > 1 ? variable[variable.length - 1] : variable[0] || 0;
  const metric = metricChoice("metric", metrics[0].name);
  const groups = axisChoice("groups", variable.find((axis) => axis !== barAxis) ?? -1, "none");
  const bars = axisChoice("bars", barAxis);
  const baseline = choice("baseline", [], 0);
  const offerLevels = () => baseline.list.replaceChildren(
    ...axes[bars.value].levels.map((level, index) => element("option", { value: index }, level)),
    element("option", { value: -1 }, "none: as it is"));
  offerLevels();
  baseline.list.value = stated ? stated.level : 0;
  bars.list.addEventListener("change", offerLevels);   // before the figure is drawn again
  return figure("bars", "Grouped bars", [metric, groups, bars, baseline], (theme, width) => drawBars(theme, width,
    quantities.get(metric.value), Number(groups.value), Number(bars.value), Number(baseline.value)));
}

// The number of every point of the selection, related to its twin at the baseline, which may be filtered out.
function barValues(quantity, barAxis, baseline) {
  const twins = new Map();
  for (const point of baseline < 0 ? [] : points) {
    if (point.levels[barAxis] === baseline) {
      twins.set(withoutAxis(point, barAxis), valueOf(point, quantity));
    }
  }
  return selectedPoints().map((point) => ({
    point,
    value: baseline < 0 ? valueOf(point, quantity)
      : ratioTo(twins.get(withoutAxis(point, barAxis)) ?? null, valueOf(point, quantity), quantity),
  }));
}

// Rows of bars by the levels that are shown: {name, bars: [{level, value, missing}]}.
function barGroups(quantity, groupAxis, barAxis, baseline) {
  const values = barValues(quantity, barAxis, baseline);
  const levels = axes[barAxis].levels.map((_, level) => level).filter((level) => shown[barAxis][level]);
  const groupOf = (name, inGroup) => ({
    name,
    bars: levels.map((level) => {
      const cell = values.filter(({ point }) => point.levels[barAxis] === level && inGroup(point));
      const lost = cell.filter(({ value }) => !(value > 0));
      return { level, value: geometricMean(cell.map(({ value }) => value)), lost: lost.length,
        why: [...new Set(lost.map(({ point }) => (point.state === "done" ? "no number" : point.state)))].join(", ") };
    }),
  });
  if (groupAxis < 0) {
    return [groupOf("", () => true)];
  }
  const groups = axes[groupAxis].levels.map((name, level) => [name, level])
    .filter(([, level]) => shown[groupAxis][level])
    .map(([name, level]) => groupOf(name, (point) => point.levels[groupAxis] === level));
  return groups.length > 1 && groupAxis !== barAxis ? [...groups, groupOf("geometric mean", () => true)] : groups;
}

function barsTitle(quantity, barAxis, baseline, unit) {
  if (baseline < 0) {
    return titleOf(quantity, unit);
  }
  const level = `${axes[barAxis].name}=${shortened(axes[barAxis].levels[baseline], 12)}`;
  return quantity.better === 0 ? `${quantity.name} over that of ${level}`
    : `${quantity.name}: times better than ${level}`;
}

function drawBars(theme, width, quantity, groupAxis, barAxis, baseline) {
  const groups = barGroups(quantity, groupAxis, barAxis, baseline);
  const values = groups.flatMap((group) => group.bars.map((bar) => bar.value)).filter((value) => value !== null);
  const lost = groups.flatMap((group) => (group.name === "geometric mean" ? [] : group.bars))
    .reduce((sum, bar) => sum + bar.lost, 0);
  const caption = [`Geometric mean of what varies inside a bar; ${
    baseline < 0 ? betterText(quantity.better) : "taller is better, the baseline is 1.0"}.`,
  lost ? ` ${lost} points have no number here, × where a bar has none.` : ""];
  if (baseline >= 0 && quantity.better === 0) {
    caption[0] = "Geometric mean of what varies inside a bar; which way is better is not known of this metric.";
  }
  if (values.length === 0) {
    return { image: null, caption };
  }
  const [unit, size] = baseline < 0 ? readableUnit(quantity, values) : ["", 1];
  const count = groups[0].bars.length;
  const wide = Math.max(width, 90 + groups.length * (count * 7 + 12));
  const names = groups[0].bars.map((bar) => axes[barAxis].levels[bar.level]);
  const legend = legendOf(theme, names, 70, 18, width - 90);
  const step = (wide - 90) / groups.length;
  const tilt = groups.some((group) => group.name.length * 7 > step);
  const box = { left: 70, top: legend.height + 20, right: wide - 20, bottom: legend.height + 280 };
  const y = scaleOf([...values.map((value) => value / size), ...(baseline < 0 ? [] : [1])], box.bottom, box.top,
    { zero: true });
  const image = frame(theme, wide, box.bottom + (tilt ? 110 : 50), `Bars of ${quantity.name}`);
  image.append(...legend.nodes, ...axesOf(theme, box, null, y, "", barsTitle(quantity, barAxis, baseline, unit)));
  groups.forEach((group, index) => image.append(...barGroup(theme, group, names, {
    left: box.left + index * step, step, y, size, unit, bottom: box.bottom, tilt })));
  if (baseline >= 0) {
    image.append(svg("line", { x1: box.left, x2: box.right, y1: y.place(1), y2: y.place(1), stroke: theme.ink,
      "stroke-dasharray": "5 3", class: "baseline" }));
  }
  image.append(label((box.left + box.right) / 2, box.bottom + (tilt ? 104 : 42), groupAxis < 0 ? "" :
    axes[groupAxis].name, { "text-anchor": "middle" }));
  return { image, caption };
}

function barGroup(theme, group, names, { left, step, y, size, unit, bottom, tilt }) {
  const gap = Math.min(24, step * 0.2);
  const width = Math.min(60, (step - gap) / group.bars.length);
  const start = left + (step - width * group.bars.length) / 2;
  const nodes = group.bars.map((bar, index) => {
    const x = start + index * width;
    const text = `${group.name ? `${group.name}, ` : ""}${names[index]}: `;
    if (bar.value === null) {
      return label(x + width / 2, bottom - 4, "×", { "text-anchor": "middle", fill: theme.soft });
    }
    const top = y.place(bar.value / size);
    return svg("g", { class: "bar" },
      svg("rect", { x: x + 0.5, y: top, width: Math.max(1, width - 1), height: Math.max(0, bottom - top),
        fill: colourOf(theme, index, names.length) },
      svg("title", {}, `${text}${numberText(bar.value / size)} ${unit}${bar.why ? ` (without ${bar.why})` : ""}`)),
      width >= 30 ? label(x + width / 2, top - 4, numberText(bar.value / size, 3),
        { "text-anchor": "middle", "font-size": 11 }) : null);
  });
  const x = left + step / 2;
  nodes.push(tilt ? label(x, bottom + 14, shortened(group.name, 18),
    { "text-anchor": "end", transform: `rotate(-35 ${x} ${bottom + 14})` })
    : label(x, bottom + 18, group.name, { "text-anchor": "middle" }));
  return nodes;
}
