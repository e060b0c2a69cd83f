// What must be true of the page of tests/unit/report/html_golden.hpp: 1 000 000 ps, three operators, names that try
// to be markup.
checkPage(async () => {
  const { bars, bands, ganttView, gantt, zoom, unitsOverTime, operators } = window.imbrexReport;
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
  check(
    document.getElementById("name").textContent.includes("<" + "/script><b class=hostile>"),
    "the title is not as given",
  );
  check(document.title.startsWith("golden "), "the window's title");
  equal(performance.getEntriesByType("resource").length, 0, "requests");

  // Rectangles from the path of an operator: [[x, y, right, height], ...].
  const rectangles = (operator) =>
    [
      ...document
        .querySelector(`#gantt path[data-operator="${operator}"]`)
        .getAttribute("d")
        .matchAll(/M([\d.]+) ([\d.]+)H([\d.]+)v([\d.]+)H([\d.]+)z/g),
    ].map((part) => part.slice(1, 5).map(Number));
  const plot = () =>
    Object.fromEntries(
      ["x", "width"].map((name) => [name, Number(document.querySelector("#gantt .plot").getAttribute(name))]),
    );
  // By hand, in ps: the first two jobs of server 0 touch and are one, then its third, then the one of server 1.
  const golden = [
    [
      [0, 200000, 0],
      [300000, 400000, 0],
      [50000, 150000, 1],
    ],
    [
      [200000, 250000, 0],
      [450000, 500000, 0],
      [700000, 750000, 0],
    ],
    [[750000, 1000000, 0]],
  ];
  const checkRectangles = (from, to, what) =>
    golden.forEach((wanted, operator) => {
      const { x, width } = plot();
      const inside = wanted.filter(([start, end]) => start <= to && end >= from);
      const found = rectangles(operator);
      equal(found.length, inside.length, `${what}: rectangles of operator ${operator}`);
      const lanes = operator === 0 ? 2 : 1;
      inside.forEach(([start, end, lane], i) => {
        const at = (time) => x + ((Math.min(to, Math.max(from, time)) - from) / (to - from)) * width;
        near(found[i][0], at(start), `${what}: left of ${operator}.${i}`);
        near(found[i][2], Math.max(at(end), at(start) + 0.5), `${what}: right of ${operator}.${i}`);
        near(
          found[i][1],
          bands[operator].top + (lane * bands[operator].height) / lanes,
          `${what}: top of ${operator}.${i}`,
        );
        near(found[i][3], bands[operator].height / lanes, `${what}: height of ${operator}.${i}`);
      });
    });
  checkRectangles(0, 1000000, "all");
  near(
    Number(/^M([\d.]+)/.exec(document.querySelector("#gantt .separators").getAttribute("d"))[1]),
    plot().x + 0.1 * plot().width,
    "the line between two jobs that touch",
  );

  // Zoom keeps what lies at the anchor; buttons and the wheel do the same.
  zoom(0.25, 0);
  await drawn();
  checkRectangles(0, 250000, "zoomed in");
  all("#gantt button")
    .find((one) => one.textContent === "▶")
    .click();
  await drawn();
  checkRectangles(62500, 312500, "moved");
  const box = document.querySelector("#gantt svg").getBoundingClientRect();
  const scale = box.width / gantt.width;
  place.dispatchEvent(
    new WheelEvent("wheel", {
      deltaY: 100,
      ctrlKey: true,
      cancelable: true,
      clientX: box.left + (plot().x + plot().width / 2) * scale,
      clientY: box.top + 40,
    }),
  );
  await drawn();
  check(Math.abs((ganttView.from + ganttView.to) / 2 - 187500) < 200, "what lies below the pointer stays there");
  check(Math.abs(ganttView.to - ganttView.from - 325000) < 1, "the wheel shows 1.3 times the time");
  all("#gantt button")
    .find((one) => one.textContent === "all")
    .click();
  await drawn();
  checkRectangles(0, 1000000, "all again");

  // Hover says which job, when and why.
  const pointAt = (time, operator, lane = 0) => ({
    bubbles: true,
    pointerId: 1,
    button: 0,
    clientX: box.left + (plot().x + (time / 1e6) * plot().width) * scale,
    clientY:
      document.querySelector("#gantt svg").getBoundingClientRect().top +
      (bands[operator].top + ((lane + 0.5) * bands[operator].height) / (operator === 0 ? 2 : 1)) * scale,
  });
  const tip = document.getElementById("tip");
  const target = document.querySelector("#gantt svg");
  target.dispatchEvent(new PointerEvent("pointermove", pointAt(100000, 0, 1)));
  check(!tip.hidden, "no tip");
  for (const part of [
    "<" + "/script>",
    "job 0 on server 1",
    "50 ns (50\u202f000 ps)",
    "150 ns (150\u202f000 ps)",
    "data of its sources and links",
  ]) {
    check(tip.textContent.includes(part), `the tip lacks ${part}: ${tip.textContent}`);
  }
  target.dispatchEvent(new PointerEvent("pointermove", pointAt(720000, 1)));
  check(
    /job 2 on server 0/.test(tip.textContent) && /on the critical path/.test(tip.textContent),
    `third of a run: ${tip.textContent}`,
  );
  target.dispatchEvent(new PointerEvent("pointermove", pointAt(300000, 1)));
  check(tip.hidden, "a tip between jobs");

  // Keys go through all jobs of a lane, then to the next lane and operator.
  const key = (name, more = {}) =>
    place.dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true, ...more }));
  const status = () => document.getElementById("gantt-status").textContent;
  target.dispatchEvent(new PointerEvent("pointerleave", {}));
  place.dispatchEvent(new PointerEvent("pointerleave", {}));
  const steps = [
    ["ArrowRight", "job 0 on server 0"],
    ["ArrowRight", "job 1 on server 0"],
    ["ArrowRight", "job 2 on server 0"],
    ["ArrowDown", "job 0 on server 1"],
    ["ArrowDown", "job 0 on server 0"],
    ["ArrowRight", "job 1 on server 0"],
    ["ArrowLeft", "job 0 on server 0"],
    ["ArrowUp", "job 0 on server 1"],
  ];
  steps.forEach(([name, wanted], i) => {
    key(name);
    check(status().includes(wanted), `key ${i} ${name}: ${status()}`);
  });
  key("+");
  await drawn();
  check(ganttView.to - ganttView.from === 500000, "the plus key");
  key("0");
  await drawn();
  equal(ganttView.to, 1000000, "the 0 key");

  // A choice in one figure shows in all.
  key("Enter");
  equal(document.querySelectorAll("#operators tr.chosen").length, 1, "rows of the chosen operator");
  check(
    document.querySelector('#network .node[data-operator="0"]').classList.contains("chosen"),
    "the node of the chosen operator",
  );
  check(
    document.querySelector('#gantt path[data-operator="0"]').classList.contains("chosen"),
    "the path of the chosen operator",
  );
  check(
    document.querySelector('#floor-plan path[data-operator="0"]').classList.contains("chosen"),
    "the elements of the chosen operator",
  );
  check(document.querySelector("#utilisation path.c0") !== null, "the part of the chosen operator");
  document
    .querySelector('#network .node[data-operator="2"]')
    .dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
  check(
    document.querySelector('#gantt path[data-operator="2"]').classList.contains("chosen"),
    "chosen in the network",
  );
  check(
    document.querySelector("#loop-nest svg").textContent.includes("parallel for K in 2"),
    "the loop nest of the chosen operator",
  );
  equal(document.querySelector("#loop-nest select").value, "2", "the list of loop nests");
  dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" }));
  equal(all(".chosen").length, 0, "chosen after Escape");

  // Sorting the operators.
  const sort = (name) =>
    all("#operators-table thead button")
      .find((one) => one.textContent.startsWith(name))
      .click();
  const column = () =>
    all("#operators-table tbody tr")
      .map((row) => Number(row.dataset.operator))
      .join("");
  for (const [name, ascending, descending] of [
    ["start", "012", "210"],
    ["busy", "120", "021"],
    ["mac utilisation", "012", "210"],
  ]) {
    sort(name);
    equal(column(), ascending, `ascending ${name}`);
    equal(document.querySelector('#operators-table th[aria-sort="ascending"]').textContent, `${name} ▲`, "aria-sort");
    sort(name);
    equal(column(), descending, `descending ${name}`);
  }
  check(document.activeElement.textContent.startsWith("mac utilisation"), "focus stays at the head");

  // Units at work: 2 x (3 jobs and one) of 100 000 ps by hand: 400 000 + 150 000 + 250 000 unit-ps.
  const bins = unitsOverTime();
  near(bins.reduce((sum, units) => sum + units, 0) * (1000 / bins.length), 800, "units at work");
  equal(bars[1].size, 1, "a run is one bar");

  // The slider goes through the segments with a floor plan, in time.
  const slider = document.querySelector("#floor-plan input[type=range]");
  equal([slider.min, slider.max, slider.value].join(" "), "0 1 0", "the slider");
  equal(all("#floor-plan .stage").length, 2, "operators on the first floor plan");
  slider.value = "1";
  slider.dispatchEvent(new Event("input"));
  equal(
    all("#floor-plan .stage")
      .map((one) => one.dataset.operator)
      .join(),
    "2",
    "operators on the second floor plan",
  );
  equal(document.querySelector("#floor-plan output").textContent, "segment 1", "what the slider says");
});
