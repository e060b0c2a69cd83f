// Puts the page together.

startTheme();
headline();
startGantt();
tableSection(operatorTable());
startOverTime();
startMemories();
startSegments();
startLoopNest();
startFloorPlan();
startNetwork();
startMetrics();
startFacts();
startReproduction();
figures.forEach(({ update }) => update());

let resized;
addEventListener("resize", () => {
  clearTimeout(resized);
  resized = setTimeout(() => figures.forEach(({ update }) => update()), 100);
});

// On paper letters stay readable when figures are drawn as wide as it is, not as the window.
const kPaperWidth = 720;
addEventListener("beforeprint", () => figures.forEach(({ update }) => update(kPaperWidth)));
addEventListener("afterprint", () => figures.forEach(({ update }) => update()));

// For tests, and for people at the console.
window.imbrexReport = {
  data,
  bars,
  bands,
  ganttView,
  gantt,
  plotOf,
  placeIn,
  showTimes,
  zoom,
  choose,
  svgText,
  csvText,
  unitsOverTime,
  operators,
  figures,
  rectangleLines,
  operatorPath,
  addBarTime,
  kBins,
};
