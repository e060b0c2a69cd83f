// What the stages say of their work, how searches got on, who took part, and how to do it again.

const factRows = data.stages.flatMap(({ use, facts }, i) =>
  facts.map(([name, value]) => ({ stage: i + 1, use, name, value })),
);
const isCurve = ({ name, value }) =>
  name.endsWith("convergence") && typeof value === "string" && /^[-+.\deE: ]+$/.test(value);

// "8:120 30:100": evaluations and the best value so far.
const curveOf = ({ value }) =>
  value
    .trim()
    .split(/\s+/)
    .map((pair) => pair.split(":").map(Number))
    .filter((pair) => pair.length === 2 && pair.every(Number.isFinite));

// Facts that differ in a number at their end are a curve as well: "best_after_0", "best_after_1".
function numberedCurves(stage) {
  const found = new Map();
  for (const row of factRows.filter((one) => one.stage === stage && typeof one.value === "number")) {
    const parts = /^(.*_after)_(\d+)$/.exec(row.name);
    if (parts) {
      found.set(parts[1], [...(found.get(parts[1]) || []), [Number(parts[2]), row.value]]);
    }
  }
  return [...found.values()].map((steps) => ({ steps: steps.sort((a, b) => a[0] - b[0]), unit: "rounds" }));
}

// What the best of all is, where the stage states how far from it it is.
function provedBest(stage, steps) {
  const gap = factRows.find((row) => row.stage === stage && row.name === "gap_to_optimum");
  return gap ? steps[steps.length - 1][1] / (1 + gap.value) : null;
}

const curves = data.stages
  .flatMap(({ use }, i) =>
    [
      ...factRows
        .filter((row) => row.stage === i + 1 && isCurve(row))
        .map((row) => ({ steps: curveOf(row), unit: "evaluations" })),
      ...numberedCurves(i + 1),
    ].map((curve) => ({ ...curve, use, stage: i + 1 })),
  )
  .filter(({ steps }) => steps.length > 1);

function drawConvergence({ steps, use, unit, stage }, width) {
  const box = { left: 72, top: 14, right: width - 16, bottom: 180 };
  const best = provedBest(stage, steps);
  const values = [...steps.map(([, value]) => value), ...(best === null ? [] : [best])];
  const [first, last] = [steps[0][0], steps[steps.length - 1][0]];
  const margin = 0.05 * (Math.max(...values) - Math.min(...values)) || 0.1 * Math.abs(values[0]) || 1;
  const [low, high] = [Math.min(...values) - margin, Math.max(...values) + margin];
  const x = (at) => point(box.left + ((at - first) / (last - first || 1)) * (box.right - box.left));
  const y = (value) => point(box.bottom - ((value - low) / (high - low)) * (box.bottom - box.top));
  const line = steps.map(([at, value], i) => (i === 0 ? `M${x(at)} ${y(value)}` : `H${x(at)}V${y(value)}`)).join("");
  return picture(
    width,
    216,
    `Convergence of ${use}: ${numberText(steps[0][1])} to ${numberText(steps[steps.length - 1][1])}`,
    ticksOf(low, high, 4).ticks.map((at) => [
      svg("line", { class: "grid", x1: box.left, x2: box.right, y1: y(at), y2: y(at) }),
      words(box.left - 6, y(at) + 4, scaleText(at), { class: "soft", "text-anchor": "end" }),
    ]),
    ticksOf(first, last, 5).ticks.map((at) =>
      words(x(at), 198, scaleText(at), { class: "soft", "text-anchor": "middle" }),
    ),
    best === null
      ? null
      : [
          svg("line", { class: "proved", x1: box.left, x2: box.right, y1: y(best), y2: y(best) }),
          words(box.right, y(best) - 6, "proved best", { class: "soft", "text-anchor": "end" }),
        ],
    svg("path", { class: "curve", d: line }),
    words((box.left + box.right) / 2, 212, unit, { class: "soft", "text-anchor": "middle" }),
  );
}

// Short enough for the side of a figure.
const scaleText = (value) =>
  Math.abs(value) >= 1e5 ? value.toExponential(3).replace(/\.?0+e\+?/, "e") : numberText(value);

function startFacts() {
  if (factRows.length > 0) {
    tableSection(
      sortableTable(
        "stages",
        "What the stages say",
        factRows,
        [
          { name: "stage", of: (row) => row.stage },
          { name: "component", of: (row) => row.use },
          { name: "fact", of: (row) => row.name },
          { name: "value", of: (row) => row.value, text: (value) => value },
        ].map((column) =>
          column.name === "value"
            ? {
                ...column,
                of: (row) => row.value,
                text: (value) => (typeof value === "number" ? numberText(value, 6) : shortened(value, 400)),
              }
            : column,
        ),
      ),
    );
  }
  curves.forEach((curve, i) =>
    figure(`convergence-${i + 1}`, `Convergence of stage ${curve.stage}`, (width) => drawConvergence(curve, width), {
      caption: [
        `${curve.use}: the best value so far`,
        curve.unit === "rounds" ? ", after each round." : " over the designs looked at.",
      ],
    }),
  );
}

function operatorTable() {
  const column = (name, of, text) => ({ name, number: true, of, text });
  return sortableTable(
    "operators",
    "Operators",
    operators.map((operator, i) => ({ ...operator, i })),
    [
      { name: "operator", of: (row) => row.name },
      { name: "kind", of: (row) => row.kind },
      column("units", (row) => row.units, grouped),
      column("copies", (row) => row.copies, grouped),
      column("start_ps", (row) => row.start_ps, timeText),
      column("end_ps", (row) => row.end_ps, timeText),
      column("busy_ps", (row) => row.busy_ps, timeText),
      column("longest_server_ps", (row) => row.longest_server_ps, timeText),
      column("servers", (row) => row.servers, grouped),
      column("jobs", (row) => row.jobs, grouped),
      column("mac_utilisation", (row) => row.mac_utilisation || null, percentText),
      ...(operators.some((operator) => operator.bound_by) ? [{ name: "bound_by", of: (row) => row.bound_by }] : []),
    ],
    (row) => row.i,
  );
}

function startMetrics() {
  const number = { number: true, text: (value) => value };
  tableSection(
    sortableTable("metrics", "Metrics", data.metrics, [
      { name: "metric", of: ([name]) => name },
      { ...number, name: "value", of: ([, value]) => value, text: undefined },
      ...(run.has_baseline ? [{ ...number, name: "baseline", of: ([, , value]) => value, text: undefined }] : []),
    ]),
  );
}

function startReproduction() {
  tableSection(
    sortableTable("plugins", "Who took part", data.plugins, [
      { name: "component", of: ([id]) => id },
      { name: "version", of: ([, version]) => version },
      { name: "sha256", of: ([, , digest]) => digest },
    ]),
  );
  section(
    "again",
    "How to run it again",
    [],
    element("p", {}, "In the folder that holds this page, where plan.toml, inputs and lock.json lie:"),
    element("pre", {}, element("code", {}, "imbrex run . --locked --out again")),
    element(
      "p",
      {},
      "This refuses whatever differs from the run: program, plugins, inputs, plan; and then compares the results. ",
      "Elsewhere, name the folder instead of the dot: ",
      element("code", {}, "imbrex run FOLDER --locked"),
      ".",
    ),
    element(
      "dl",
      {},
      [
        ["plan", run.plan_sha256],
        ["seed", String(run.seed)],
        ["network", run.workload.sha256],
      ].map(([name, value]) => [element("dt", {}, name), element("dd", {}, value)]),
    ),
  );
}
