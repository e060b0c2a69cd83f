// What must be true of the page of tests/unit/report/html_golden.hpp: 1 000 000 ps, three operators, names that try
// to be markup.
(async () => {
  const { bars, bands, ganttView, gantt, zoom, choose, svgText, csvText, unitsOverTime, operators } = window.imbrexReport;
  const check = (truth, what) => truth || troubles.push(what);
  const equal = (found, wanted, what) => check(found === wanted, `${what}: ${found}, not ${wanted}`);
  const near = (found, wanted, what) => check(Math.abs(found - wanted) < 0.02, `${what}: ${found}, not ${wanted}`);
  const all = (query) => [...document.querySelectorAll(query)];
  // Nobody looks at this browser, so it draws no frames, for which charts wait.
  window.requestAnimationFrame = (draw) => setTimeout(draw, 1);
  const drawn = () => new Promise((done) => setTimeout(done, 10));
  const place = document.querySelector("#gantt .place");

  equal(window.hostile, undefined, "a name was run as a script");
  equal(all("b.hostile, img, i").length, 0, "a name became markup");
  check(document.getElementById("name").textContent.includes("<" + "/script><b class=hostile>"), "the title is not as given");
  check(document.title.startsWith("golden "), "the window's title");
  equal(performance.getEntriesByType("resource").length, 0, "requests");

  // Rectangles from the path of an operator: [[x, y, right, height], ...].
  const rectangles = (operator) => [...document.querySelector(`#gantt path[data-operator="${operator}"]`).getAttribute("d")
    .matchAll(/M([\d.]+) ([\d.]+)H([\d.]+)v([\d.]+)H([\d.]+)z/g)].map((part) => part.slice(1, 5).map(Number));
  const plot = () => Object.fromEntries(["x", "width"].map((name) => [name, Number(document.querySelector("#gantt .plot").getAttribute(name))]));
  // By hand, in ps: the first two jobs of server 0 touch and are one, then its third, then the one of server 1.
  const golden = [[[0, 200000, 0], [300000, 400000, 0], [50000, 150000, 1]],
    [[200000, 250000, 0], [450000, 500000, 0], [700000, 750000, 0]], [[750000, 1000000, 0]]];
  const checkRectangles = (from, to, what) => golden.forEach((wanted, operator) => {
    const { x, width } = plot();
    const inside = wanted.filter(([start, end]) => start <= to && end >= from);
    const found = rectangles(operator);
    equal(found.length, inside.length, `${what}: rectangles of operator ${operator}`);
    const lanes = operator === 0 ? 2 : 1;
    inside.forEach(([start, end, lane], i) => {
      const at = (time) => x + ((Math.min(to, Math.max(from, time)) - from) / (to - from)) * width;
      near(found[i][0], at(start), `${what}: left of ${operator}.${i}`);
      near(found[i][2], Math.max(at(end), at(start) + 0.5), `${what}: right of ${operator}.${i}`);
      near(found[i][1], bands[operator].top + (lane * bands[operator].height) / lanes, `${what}: top of ${operator}.${i}`);
      near(found[i][3], bands[operator].height / lanes, `${what}: height of ${operator}.${i}`);
    });
  });
  checkRectangles(0, 1000000, "all");
  near(Number(/^M([\d.]+)/.exec(document.querySelector("#gantt .separators").getAttribute("d"))[1]),
    plot().x + 0.1 * plot().width, "the line between two jobs that touch");

  // Zoom keeps what lies at the anchor; buttons and the wheel do the same.
  zoom(0.25, 0);
  await drawn();
  checkRectangles(0, 250000, "zoomed in");
  all("#gantt button").find((one) => one.textContent === "▶").click();
  await drawn();
  checkRectangles(62500, 312500, "moved");
  const box = document.querySelector("#gantt svg").getBoundingClientRect();
  const scale = box.width / gantt.width;
  place.dispatchEvent(new WheelEvent("wheel", { deltaY: 100, ctrlKey: true, cancelable: true,
    clientX: box.left + (plot().x + plot().width / 2) * scale, clientY: box.top + 40 }));
  await drawn();
  check(Math.abs((ganttView.from + ganttView.to) / 2 - 187500) < 200, "what lies below the pointer stays there");
  check(Math.abs(ganttView.to - ganttView.from - 325000) < 1, "the wheel shows 1.3 times the time");
  all("#gantt button").find((one) => one.textContent === "all").click();
  await drawn();
  checkRectangles(0, 1000000, "all again");

  // Hover says which job, when and why.
  const pointAt = (time, operator, lane = 0) => ({ bubbles: true, pointerId: 1, button: 0,
    clientX: box.left + (plot().x + (time / 1e6) * plot().width) * scale,
    clientY: document.querySelector("#gantt svg").getBoundingClientRect().top + (bands[operator].top + (lane + 0.5) * bands[operator].height / (operator === 0 ? 2 : 1)) * scale });
  const tip = document.getElementById("tip");
  const target = document.querySelector("#gantt svg");
  target.dispatchEvent(new PointerEvent("pointermove", pointAt(100000, 0, 1)));
  check(!tip.hidden, "no tip");
  for (const part of ["<" + "/script>", "job 0 on server 1", "50 ns (50\u202f000 ps)", "150 ns (150\u202f000 ps)", "data of its sources and links"]) {
    check(tip.textContent.includes(part), `the tip lacks ${part}: ${tip.textContent}`);
  }
  target.dispatchEvent(new PointerEvent("pointermove", pointAt(720000, 1)));
  check(/job 2 on server 0/.test(tip.textContent) && /on the critical path/.test(tip.textContent), `third of a run: ${tip.textContent}`);
  target.dispatchEvent(new PointerEvent("pointermove", pointAt(300000, 1)));
  check(tip.hidden, "a tip between jobs");

  // Keys go through all jobs of a lane, then to the next lane and operator.
  const key = (name, more = {}) => place.dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true, ...more }));
  const status = () => document.getElementById("gantt-status").textContent;
  target.dispatchEvent(new PointerEvent("pointerleave", {}));
  place.dispatchEvent(new PointerEvent("pointerleave", {}));
  const steps = [["ArrowRight", "job 0 on server 0"], ["ArrowRight", "job 1 on server 0"], ["ArrowRight", "job 2 on server 0"],
    ["ArrowDown", "job 0 on server 1"], ["ArrowDown", "job 0 on server 0"], ["ArrowRight", "job 1 on server 0"], ["ArrowLeft", "job 0 on server 0"],
    ["ArrowUp", "job 0 on server 1"]];
  steps.forEach(([name, wanted], i) => { key(name); check(status().includes(wanted), `key ${i} ${name}: ${status()}`); });
  key("+");
  await drawn();
  check(ganttView.to - ganttView.from === 500000, "the plus key");
  key("0");
  await drawn();
  equal(ganttView.to, 1000000, "the 0 key");

  // A choice in one figure shows in all.
  key("Enter");
  equal(document.querySelectorAll("#operators tr.chosen").length, 1, "rows of the chosen operator");
  check(document.querySelector('#network .node[data-operator="0"]').classList.contains("chosen"), "the node of the chosen operator");
  check(document.querySelector('#gantt path[data-operator="0"]').classList.contains("chosen"), "the path of the chosen operator");
  check(document.querySelector('#floor-plan path[data-operator="0"]').classList.contains("chosen"), "the elements of the chosen operator");
  check(document.querySelector("#utilisation path.c0") !== null, "the part of the chosen operator");
  document.querySelector('#network .node[data-operator="2"]').dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
  check(document.querySelector('#gantt path[data-operator="2"]').classList.contains("chosen"), "chosen in the network");
  check(document.querySelector("#loop-nest svg").textContent.includes("parallel for K in 2"), "the loop nest of the chosen operator");
  equal(document.querySelector("#loop-nest select").value, "2", "the list of loop nests");
  dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" }));
  equal(all(".chosen").length, 0, "chosen after Escape");

  // Sorting the operators.
  const sort = (name) => all("#operators-table thead button").find((one) => one.textContent.startsWith(name)).click();
  const column = () => all("#operators-table tbody tr").map((row) => Number(row.dataset.operator)).join("");
  for (const [name, ascending, descending] of [["start_ps", "012", "210"], ["busy_ps", "120", "021"], ["mac_utilisation", "012", "210"]]) {
    sort(name);
    equal(column(), ascending, `ascending ${name}`);
    equal(document.querySelector('#operators-table th[aria-sort="ascending"]').textContent, `${name} ▲`, "aria-sort");
    sort(name);
    equal(column(), descending, `descending ${name}`);
  }
  check(document.activeElement.textContent.startsWith("mac_utilisation"), "focus stays at the head");

  // Units at work: 2 x (3 jobs and one) of 100 000 ps by hand: 400 000 + 150 000 + 250 000 unit-ps.
  const bins = unitsOverTime();
  near(bins.reduce((sum, units) => sum + units, 0) * (1000 / bins.length), 800, "units at work");
  equal(bars[1].size, 1, "a run is one bar");

  // What is saved is whole and in the colours of paper; names are quoted.
  const saved = [];
  URL.createObjectURL = (blob) => { saved.push(blob.text()); return "#"; };
  HTMLAnchorElement.prototype.click = function click() { saved.push(this.download); };
  all("button").filter((one) => one.textContent.startsWith("save as")).forEach((one) => one.click());
  check(saved.length >= 26 && saved.length % 2 === 0, `saved: ${saved.length}`);
  for (let i = 0; i < saved.length; i += 2) {
    const content = await saved[i];
    check(/^golden-[\w.-]+\.(svg|csv)$/.test(saved[i + 1]), `saved as ${saved[i + 1]}`);
    if (saved[i + 1].endsWith(".svg")) {
      const parsed = new DOMParser().parseFromString(content, "image/svg+xml").documentElement;
      equal(parsed.nodeName, "svg", "a saved figure does not parse");
      check(!/var\(| class="|NaN|Infinity|undefined/.test(content), `${saved[i + 1]} is not whole`);
    }
  }
  const operatorsCsv = await saved[2 * saved.filter((_, i) => i % 2 === 1).findIndex((name) => name.endsWith("operators.csv"))];
  check(operatorsCsv.startsWith("operator,kind,units,"), `operators.csv: ${operatorsCsv.slice(0, 60)}`);
  equal(operatorsCsv.split("\n").length, 5, "lines of operators.csv");
  check(operatorsCsv.includes('""quoted""'), "quotes in operators.csv");
  equal(csvText([["a,b", 'c"d', null, 1.5]]), '"a,b","c""d",,1.5\n', "csv");
  check(svgText(document.querySelector("#gantt svg")).includes("rgb(0, 114, 178)"), "the colour of the first operator");

  all("details").forEach((one) => { one.open = true; });
  await drawn();

  // Both themes and narrow windows.
  for (let i = 0; i < 3; ++i) {
    document.getElementById("theme").click();
    equal(document.documentElement.dataset.theme, ["light", "dark", "system"][i], "theme");
  }
  const papers = ["light", "dark"].map((theme) => {
    document.documentElement.dataset.theme = theme;
    return getComputedStyle(document.body).backgroundColor;
  });
  check(papers[0] !== papers[1], "dark is light");
  delete document.documentElement.dataset.theme;
  check(all("svg").every((image) => !/NaN|Infinity|undefined/.test(image.outerHTML)), "a figure holds NaN");
  check(document.documentElement.scrollWidth <= innerWidth, "the page is wider than the window");

  // For who cannot see the figures: names of all of them, heads in all tables, a name at every button.
  check(all("svg[role=img]").every((image) => image.getAttribute("aria-label")), "a figure without a name");
  check(all("table").every((table) => table.querySelectorAll("thead th[scope=col]").length > 0), "a table without heads");
  check(all("button").every((one) => (one.getAttribute("aria-label") || one.textContent).trim()), "a button without a name");
  equal(operators.length, 3, "operators");
  choose(-1);

  document.body.append(Object.assign(document.createElement("pre"),
    { id: "check", textContent: troubles.length === 0 ? "passed" : [...new Set(troubles)].join("; ") }));
})().catch((trouble) => document.body.append(Object.assign(document.createElement("pre"), { id: "check", textContent: String(trouble.stack) })));
