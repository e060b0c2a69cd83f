// Puts the page together.

function showCounts() {
  const runs = data.runs.state.length;
  const counts = [["points", points.length]];
  if (runs !== points.length) {
    counts.push(["different runs", runs]);
  }
  for (const state of ["done", "infeasible", "failed", "timed out", "crashed", "not run"]) {
    const count = points.filter((point) => point.state === state).length;
    if (count > 0 || ["done", "infeasible", "failed"].includes(state)) {
      counts.push([state, count]);
    }
  }
  document.getElementById("counts").append(
    ...counts.map(([name, count]) => element("li", {}, element("b", {}, String(count)), ` ${name}`)));
}

function figuresOf(metrics) {
  if (metrics.length === 0) {
    return [];
  }
  return [
    ...(axes.length > 0 ? [barsFigure(metrics)] : []),
    scatterFigure(metrics),
    ...(axes.length > 0 ? [heatMapFigure(metrics)] : []),
    ...(data.convergence.length > 0 ? [convergenceFigure()] : []),
  ];
}

document.title = `${data.name}: experiment`;
document.getElementById("name").textContent = data.name;
document.getElementById("question").textContent = data.question;
showCounts();
document.getElementById("tables").append(...data.tables.map(experimentTable));
if (axes.length > 0) {
  document.getElementById("axes").append(...axes.map(levelBoxes));
} else {
  document.getElementById("filters").hidden = true;
}
const metrics = usualMetrics();
const figures = figuresOf(metrics);
document.getElementById("figures").append(
  ...(figures.length > 0 ? figures.map(({ node }) => node) : [element("p", {}, "No point has a number yet.")]));
const columns = pointColumns(metrics.slice(0, Math.max(data.shown.length, 1)));

redraw = () => {
  document.getElementById("selected").textContent = `${selectedPoints().length} of ${points.length} points`;
  figures.forEach(({ update }) => update());
  updatePoints(document.getElementById("points-table"), columns);
};
redraw();
darkScheme.addEventListener("change", redraw);
let resized;
addEventListener("resize", () => {
  clearTimeout(resized);
  resized = setTimeout(() => figures.forEach(({ update }) => update()), 100);
});

// For tests, and for people at the console.
window.imbrexPage = { data, points, shown, figures, paretoFront, selectedPoints, svgText, geometricMean };
