// The result as the program wrote it, with its lists of integers unpacked.

const data = JSON.parse(document.getElementById("data").textContent);
const { run, operators } = data;

// [first, difference, difference, ...], or {runs: [n, first, step, ...]} of numbers that are evenly apart.
function unpacked(packed) {
  if (Array.isArray(packed)) {
    let value = 0;
    return new Float64Array(packed).map((difference) => (value += difference));
  }
  const { runs } = packed;
  const out = [];
  for (let at = 0; at < runs.length; at += 3) {
    for (let i = 0; i < runs[at]; ++i) {
      out.push(runs[at + 1] + i * runs[at + 2]);
    }
  }
  return new Float64Array(out);
}

// By operator: rectangles in columns, ascending by lane, then by start.
const bars = data.gantt.operators.map((columns) => {
  const out = Object.fromEntries(Object.entries(columns).map(([name, packed]) => [name, unpacked(packed)]));
  out.size = out.lane.length;
  return out;
});
// Where the analyzer reports no jobs, an operator is one rectangle.
if (data.gantt.jobs === 0) {
  operators.forEach(({ start_ps: start, end_ps: end, busy_ps: busy, jobs, servers }, i) => {
    data.gantt.servers_per_lane = Math.max(1, servers, data.gantt.servers_per_lane || 1);
    bars[i] = {
      size: 1,
      lane: [0],
      step: [0],
      start: [start],
      length: [end - start],
      period: [0],
      count: [1],
      wait: [0],
      jobs: [jobs],
      busy: [busy],
    };
  });
}

const metrics = new Map(data.metrics.map(([name, value, baseline]) => [name, { value, baseline }]));
const metric = (name) => (metrics.has(name) ? metrics.get(name).value : null);
const makespan = Math.max(metric("latency_ps") || 0, ...operators.map((operator) => operator.end_ps), 1);

// Of operators of the workload, mapped or not, by their numbers in it; -1: not mapped.
const mappedAt = new Map(operators.map((operator, index) => [operator.node, index]));
const mappedOf = (node) => (mappedAt.has(node) ? mappedAt.get(node) : -1);
const byName = new Map(operators.map((operator, index) => [operator.name, index]));
const nodeName = (node) => data.network.names[node];

const criticalPath = data.critical_path.map(([node, cause, start, end, jobs, wait, ties]) => ({
  operator: mappedOf(node),
  cause,
  start,
  end,
  jobs,
  wait,
  ties,
}));
const unitName = data.architecture ? data.architecture.unit : "unit";

// The last position whose value is at most `value`, of ascending values in [begin, end); begin - 1: none.
function lastAtMost(values, value, begin, end) {
  let low = begin;
  let high = end;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] <= value) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low - 1;
}
