// What the stages say of their work, how searches got on, who took part, and how to do it again.

const factRows = data.stages.flatMap(({ use, facts }, i) => facts.map(([name, value]) => ({ stage: i + 1, use, name, value })));
const isCurve = ({ name, value }) => name.endsWith("convergence") && typeof value === "string" && /^[-+.\deE: ]+$/.test(value);

// "8:120 30:100": evaluations and the best value so far.
const curveOf = ({ value }) => value.trim().split(/\s+/).map((pair) => pair.split(":").map(Number))
  .filter((pair) => pair.length === 2 && pair.every(Number.isFinite));
const curves = factRows.filter(isCurve).map((row) => ({ ...row, steps: curveOf(row) })).filter(({ steps }) => steps.length > 1);

function drawConvergence({ steps, use }, width) {
  const box = { left: 72, top: 14, right: width - 16, bottom: 180 };
  const [values, last] = [steps.map(([, value]) => value), steps[steps.length - 1][0]];
  let [low, high] = [Math.min(...values), Math.max(...values)];
  [low, high] = low === high ? [low * 0.9, high * 1.1 || 1] : [low - 0.05 * (high - low), high + 0.05 * (high - low)];
  const x = (at) => point(box.left + (at / last) * (box.right - box.left));
  const y = (value) => point(box.bottom - ((value - low) / (high - low)) * (box.bottom - box.top));
  const line = steps.map(([at, value], i) => (i === 0 ? `M${x(at)} ${y(value)}` : `H${x(at)}V${y(value)}`)).join("");
  return picture(width, 216, `Convergence of ${use}: ${numberText(values[0])} to ${numberText(values[values.length - 1])}`,
    ticksOf(low, high, 4).ticks.map((at) => [svg("line", { class: "grid", x1: box.left, x2: box.right, y1: y(at), y2: y(at) }),
      words(box.left - 6, y(at) + 4, numberText(at), { class: "soft", "text-anchor": "end" })]),
    ticksOf(0, last, 5).ticks.map((at) => words(x(at), 198, numberText(at), { class: "soft", "text-anchor": "middle" })),
    svg("path", { class: "curve", d: line }), words((box.left + box.right) / 2, 212, "evaluations", { class: "soft", "text-anchor": "middle" }));
}

const factText = (row) => (typeof row.value === "number" ? metricText(row.name, row.value) : row.value);

function startFacts() {
  if (factRows.length > 0) {
    tableSection(sortableTable("stages", "What the stages say", factRows, [
      { name: "stage", of: (row) => row.stage }, { name: "component", of: (row) => row.use },
      { name: "fact", of: (row) => row.name }, { name: "value", of: (row) => row.value, text: (value) => value }].map((column) =>
      (column.name === "value" ? { ...column, of: (row) => row.value, text: (value) => (typeof value === "number" ? numberText(value, 6)
        : shortened(value, 400)) } : column))));
  }
  curves.forEach((curve, i) => figure(`convergence-${i + 1}`, `Convergence of stage ${curve.stage}`,
    (width) => drawConvergence(curve, width), { caption: [`${curve.use}: the best value so far over the designs looked at; the steps that are kept are drawn.`] }));
}

function operatorTable() {
  const column = (name, of, text) => ({ name, number: true, of, text });
  return sortableTable("operators", "Operators", operators.map((operator, i) => ({ ...operator, i })), [
    { name: "operator", of: (row) => row.name }, { name: "kind", of: (row) => row.kind },
    column("units", (row) => row.units, grouped), column("copies", (row) => row.copies, grouped),
    column("start_ps", (row) => row.start_ps, timeText), column("end_ps", (row) => row.end_ps, timeText),
    column("busy_ps", (row) => row.busy_ps, timeText), column("longest_server_ps", (row) => row.longest_server_ps, timeText),
    column("servers", (row) => row.servers, grouped), column("jobs", (row) => row.jobs, grouped),
    column("mac_utilisation", (row) => row.mac_utilisation || null, percentText),
    ...(operators.some((operator) => operator.bound_by) ? [{ name: "bound_by", of: (row) => row.bound_by }] : [])],
  (row) => row.i);
}

function startMetrics() {
  const number = { number: true, text: (value) => value };
  tableSection(sortableTable("metrics", "Metrics", data.metrics, [
    { name: "metric", of: ([name]) => name },
    { ...number, name: "value", of: ([, value]) => value, text: undefined },
    ...(run.has_baseline ? [{ ...number, name: "baseline", of: ([, , value]) => value, text: undefined }] : [])]));
}

function startReproduction() {
  tableSection(sortableTable("plugins", "Who took part", data.plugins, [
    { name: "component", of: ([id]) => id }, { name: "version", of: ([, version]) => version },
    { name: "sha256", of: ([, , digest]) => digest }]));
  section("again", "How to run it again", [], element("p", {}, "In the folder that holds this page, where plan.toml, inputs and lock.json lie:"),
    element("pre", {}, element("code", {}, "imbrex run . --locked --out again")),
    element("p", {}, "This refuses whatever differs from the run: program, plugins, inputs, plan; and then compares the results. Elsewhere, name the folder instead of the dot: ",
      element("code", {}, "imbrex run FOLDER --locked"), "."),
    element("dl", {}, [["plan", run.plan_sha256], ["seed", String(run.seed)], ["network", run.workload.sha256]].map(([name, value]) =>
      [element("dt", {}, name), element("dd", {}, value)])));
}
