// What must be true of the page that tests/unit/experiment/page_test.cpp makes: 500 points, names that try to
// be markup, chips x cuts x sizes with a latency that is twice as long at the first cut.
checkPage(() => {
  const { data, points, figures, paretoFront, selectedPoints, svgText, geometricMean } = window.imbrexPage;
  const check = (truth, what) => truth || troubles.push(what);
  const equal = (found, wanted, what) => check(found === wanted, `${what}: ${found}, not ${wanted}`);
  const all = (query) => [...document.querySelectorAll(query)];
  const box = (axis, level) => document.querySelector(`input[data-axis="${axis}"][data-level="${level}"]`);
  const heights = () => all("#bars .bar rect").map((bar) => Number(bar.getAttribute("height")).toFixed(2)).join(" ");

  equal(points.length, 500, "points");
  equal(all("#points-table tbody tr").length, 500, "rows");
  equal(window.hostile, undefined, "a name was run as a script");
  equal(all("b.hostile, img").length, 0, "a name became markup");
  check(document.getElementById("name").textContent.includes("<" + "/script><b class=hostile>"), "the title is not as given");
  equal(figures.length, 4, "figures");
  check(all("#points-table tbody tr a").every((link) =>
    /^points\/[0-9a-z]+\.json$/.test(link.getAttribute("href"))), "links to points");

  // Cut 0 takes twice as long as cut 1 everywhere: its bars are half as high as those of the baseline, cut 1.
  const bars = all("#bars .bar rect");
  equal(bars.length % 2, 0, "bars of two cuts");
  for (let i = 0; i < bars.length; i += 2) {
    const [slow, fast] = [bars[i], bars[i + 1]].map((bar) => Number(bar.getAttribute("height")));
    check(Math.abs(slow / fast - 0.5) < 1e-9, `the slow cut is ${slow / fast} of the fast one`);
  }
  equal(all("#bars line.baseline").length, 1, "baseline");

  // Filters change the bars, the scatter and the rows, and nothing else remains of a level that is off.
  const before = [heights(), all("#scatter a circle, #scatter a rect").length];
  box(0, 0).click();
  check(selectedPoints().every((point) => point.levels[0] !== 0), "points of a level that is off");
  check(heights() !== before[0], "filtering does not change the bars");
  check(all("#scatter a circle, #scatter a rect").length < before[1], "filtering does not change the scatter");
  equal(all("#points-table tbody tr").length, selectedPoints().length, "rows after filtering");
  all("fieldset button").filter((button) => button.textContent === "none")[1].click();
  equal(selectedPoints().length, 0, "points without a level");
  check(all("#bars svg").length === 0 && all("#points-table tbody tr").length === 0, "an empty selection is drawn");
  all("fieldset button").filter((button) => button.textContent === "all").forEach((button) => button.click());
  equal(heights(), before[0], "filters back to all");

  // The baseline counts when its own level is filtered out.
  box(1, 1).click();
  check(all("#bars .bar rect").length > 0, "no bars without the baseline's own");
  box(1, 1).click();

  // Every choice of every list can be drawn.
  for (const list of all("figure select")) {
    const was = list.value;
    for (const option of [...list.options]) {
      list.value = option.value;
      list.dispatchEvent(new Event("change"));
    }
    list.value = was;
    list.dispatchEvent(new Event("change"));
  }
  check(all("svg").every((image) => !/NaN|Infinity|undefined/.test(image.outerHTML)), "a figure holds NaN");

  // Sorting: infeasible points, which have no latency, last in both directions.
  const latency = () => all("#points-table thead button").find((button) => button.textContent.startsWith("latency_ps"));
  const column = all("#points-table thead button").indexOf(latency());
  for (const direction of ["ascending", "descending"]) {
    latency().click();
    equal(all("#points-table thead th")[column].getAttribute("aria-sort"), direction, "aria-sort");
    const cells = all("#points-table tbody tr").map((row) => row.children[column].textContent);
    const numbers = cells.filter((cell) => cell !== "-").map(Number);
    check(cells.slice(0, numbers.length).every((cell) => cell !== "-"), "rows without a number are not last");
    check(numbers.every((number, i) => i === 0 || (direction === "ascending" ? numbers[i - 1] <= number
      : numbers[i - 1] >= number)), `not ${direction}`);
  }

  // The front against every pair of points.
  let state = 7;
  const random = (most) => { state = (state * 48271) % 2147483647; return state % most; };
  for (let round = 0; round < 300; ++round) {
    const items = Array.from({ length: 1 + random(30) }, () => ({ x: random(8), y: random(8) }));
    const [sx, sy] = [random(2) * 2 - 1, random(2) * 2 - 1];
    const beats = (a, b) => a.x * sx >= b.x * sx && a.y * sy >= b.y * sy && (a.x !== b.x || a.y !== b.y);
    const slow = new Set(items.filter((item) => !items.some((other) => beats(other, item))));
    const fast = paretoFront(items, sx, sy);
    check(fast.length === slow.size && fast.every((item) => slow.has(item)), "the front differs from its slow twin");
  }

  // Squares, and a column of the table: what nobody beats in all three metrics of the experiment's front.
  const costs = points.map((point) => ["latency_ps", "energy_pj", "utilisation"].map((name) => {
    const { values, better } = data.quantities.find((quantity) => quantity.name === name);
    return values[point.run] === null ? null : -better * values[point.run];
  }));
  const beatsAll = (a, b) => a.every((cost, i) => cost <= b[i]) && a.some((cost, i) => cost < b[i]);
  const known = costs.filter((cost) => cost[0] !== null);
  const unbeaten = known.filter((cost) => !known.some((other) => beatsAll(other, cost))).length;
  check(unbeaten > 40 && unbeaten < 250, `${unbeaten} points on the front test little`);
  equal(all("#scatter a rect").length, unbeaten, "squares");
  equal(all("#scatter figcaption p").length, 1, "what squares are");
  const fronts = all("#points-table thead button").findIndex((button) => button.textContent.startsWith("front"));
  equal(all("#points-table tbody tr").filter((row) => row.children[fronts].textContent === "yes").length, unbeaten,
    "points marked in the table");
  check(Math.abs(geometricMean([1, 4, null, 16]) - 4) < 1e-12 && geometricMean([null, 0]) === null, "geometric mean");

  // What is saved is a whole picture that another program reads; the button gives it as a file.
  const saved = [];
  URL.createObjectURL = (blob) => { saved.push(blob.size); return "#"; };
  HTMLAnchorElement.prototype.click = function click() { saved.push(this.download); };
  for (const button of all("figure > header button")) {
    button.click();
  }
  equal(saved.length, 8, "saved figures");
  check(saved.every((item) => (typeof item === "number" ? item > 1000 : /^[\w.-]+\.svg$/.test(item))), `saved: ${saved}`);
  for (const { draw, node } of figures) {
    const parsed = new DOMParser().parseFromString(svgText(node.querySelector("svg")), "image/svg+xml");
    equal(parsed.documentElement.nodeName, "svg", "a saved figure does not parse");
  }
  check(document.documentElement.scrollWidth <= innerWidth, "the page is wider than the window");
});
