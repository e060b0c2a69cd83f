// How searches got on: the best objective after so many evaluations, of every selected point.

function convergenceFigure() {
  const stage = choice("stage", data.convergence.map((entry, index) => [index, entry.stage]), 0);
  const colour = axisChoice("colour", axes.length > 0 ? 0 : -1, "none");
  return figure("convergence", "Convergence", [stage, colour], (theme, width) =>
    drawConvergence(theme, width, data.convergence[stage.value], Number(colour.value)));
}

function drawConvergence(theme, width, { curves }, colourAxis) {
  const lines = selectedPoints().map((point) => ({ point, curve: curves[point.run] }))
    .filter(({ curve }) => curve !== null && curve.length > 0);
  const caption = ["The best objective of the search so far; long curves are thinned."];
  if (lines.length === 0) {
    return { image: null, caption };
  }
  const all = lines.flatMap(({ curve }) => curve);
  const names = colourAxis < 0 ? [] : axes[colourAxis].levels;
  const legend = names.length > 24 ? { nodes: [], height: 0 } : legendOf(theme, names, 80, 18, width - 100);
  const box = { left: 80, top: legend.height + 20, right: width - 24, bottom: legend.height + 320 };
  const x = scaleOf(all.filter((_, index) => index % 2 === 0), box.left, box.right);
  const y = scaleOf(all.filter((_, index) => index % 2 === 1), box.bottom, box.top);
  const image = frame(theme, width, box.bottom + 54, "Convergence of the searches");
  image.append(...legend.nodes, ...axesOf(theme, box, x, y, "evaluations", "objective"));
  for (const { point, curve } of lines) {
    let path = `M${x.place(curve[0])} ${y.place(curve[1])}`;
    for (let i = 2; i < curve.length; i += 2) {
      path += `H${x.place(curve[i]).toFixed(1)}V${y.place(curve[i + 1]).toFixed(1)}`;
    }
    const stroke = colourAxis < 0 ? theme.series[0] : colourOf(theme, point.levels[colourAxis], names.length);
    image.append(svg("path", { d: path, fill: "none", stroke, "stroke-opacity": lines.length > 40 ? 0.5 : 0.9 },
      svg("title", {}, describe(point))),
    svg("circle", { cx: x.place(curve[curve.length - 2]), cy: y.place(curve[curve.length - 1]), r: 2.5, fill: stroke }));
  }
  return { image, caption };
}
