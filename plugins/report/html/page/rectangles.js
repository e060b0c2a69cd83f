// From the rectangles of an operator to one path, and from a place back to a rectangle.

const kNarrowest = 0.5; // points: what is shorter is drawn so wide, pauses that are shorter are closed
const kApart = 4; // points: from this width on, jobs that follow at once are separated by a line

const laneCount = (of) => (of.size === 0 ? 1 : of.lane[of.size - 1] + 1);
const point = (value) => Math.round(value * 100) / 100;
const widthOf = (of, i) => (of.count[i] - 1) * of.period[i] + of.length[i];

// Rectangles of one lane from left to right, those that touch on the screen as one.
class LanePath {
  constructor(top, height, separators) {
    [this.top, this.height, this.separators] = [point(top), point(height), separators];
    [this.left, this.right] = [0, -1];
    this.parts = [];
  }
  add(left, right) {
    const end = Math.max(right, left + kNarrowest);
    if (this.right >= this.left && left - this.right < kNarrowest) {
      if (right - left >= kApart && left >= this.right - kNarrowest && this.height >= 3) {
        this.separators.push(`M${point(left)} ${this.top}v${this.height}`);
      }
      this.right = Math.max(this.right, end);
      return;
    }
    this.flush();
    [this.left, this.right] = [left, end];
  }
  flush() {
    if (this.right >= this.left) {
      const [x, right] = [point(this.left), point(this.right)];
      this.parts.push(`M${x} ${this.top}H${right}v${this.height}H${x}z`);
    }
    this.right = this.left - 1;
  }
}

// `view`: {from, to, left, width}, times and points; `band`: {top, height}. Adds lines between neighbours to
// `separators`. Complexity: of the rectangles in view, of a run with pauses that nobody sees one step.
function operatorPath(of, view, band, separators) {
  const scale = view.width / (view.to - view.from);
  const height = band.height / laneCount(of);
  const paths = [];
  let lane = null;
  for (let i = 0; i < of.size; ++i) {
    if (i === 0 || of.lane[i] !== of.lane[i - 1]) {
      lane = new LanePath(band.top + of.lane[i] * height, height, separators);
      paths.push(lane);
    }
    addBar(lane, of, i, view, scale);
    if (i + 1 === of.size || of.lane[i + 1] !== of.lane[i]) {
      lane.flush();
    }
  }
  return paths.map(({ parts }) => parts.join("")).join("");
}

function addBar(lane, of, i, view, scale) {
  const [start, length, period] = [of.start[i], of.length[i], of.period[i]];
  if (start > view.to || start + widthOf(of, i) < view.from) {
    return;
  }
  const place = (time) => view.left + (Math.min(Math.max(time, view.from), view.to) - view.from) * scale;
  const first = period > 0 ? Math.max(0, Math.ceil((view.from - start - length) / period)) : 0;
  const last = period > 0 ? Math.min(of.count[i] - 1, Math.floor((view.to - start) / period)) : of.count[i] - 1;
  if ((period - length) * scale < kNarrowest && length * scale < kApart && first <= last) {
    const end = start + last * period;
    lane.add(place(start + first * period), Math.max(place(end + length), place(end) + kNarrowest));
    return;
  }
  for (let k = first; k <= last; ++k) {
    const at = start + k * period;
    lane.add(place(at), place(at + length));
  }
}

// Where the bars of a lane begin and end in the columns.
function laneRange(of, lane) {
  const end = lastAtMost(of.lane, lane, 0, of.size) + 1;
  return [lastAtMost(of.lane, lane - 0.5, 0, end) + 1, end];
}

// The rectangle of a lane at a time, or the last one before it: {i, k}; null: none.
function rectangleAt(of, lane, time) {
  const [begin, end] = laneRange(of, lane);
  const i = lastAtMost(of.start, time, begin, end);
  if (i < begin) {
    return null;
  }
  const k = of.period[i] > 0 ? Math.min(of.count[i] - 1, Math.floor((time - of.start[i]) / of.period[i])) : 0;
  return { i, k };
}

const startOf = (of, { i, k }) => of.start[i] + k * of.period[i];
const endOf = (of, { i, k }) => startOf(of, { i, k }) + of.length[i];

// The next rectangle of the lane in a direction, 1 or -1; null at its ends.
function neighbour(of, { i, k }, direction) {
  if (k + direction >= 0 && k + direction < of.count[i]) {
    return { i, k: k + direction };
  }
  const next = i + direction;
  return next < 0 || next >= of.size || of.lane[next] !== of.lane[i]
    ? null
    : { i: next, k: direction > 0 ? 0 : of.count[next] - 1 };
}

// What people want to know of a rectangle, in lines.
function rectangleLines(operator, at) {
  const of = bars[operator];
  const [start, end] = [startOf(of, at), endOf(of, at)];
  const jobs = of.jobs ? of.jobs[at.i] : 1;
  const perLane = data.gantt.servers_per_lane || 1;
  const lane = of.lane[at.i];
  const servers = Math.min(perLane, operators[operator].servers - lane * perLane);
  const where = perLane > 1 ? `servers ${lane * perLane} to ${lane * perLane + servers - 1}` : `server ${lane}`;
  const lines = [
    operators[operator].name,
    jobs > 1 ? `${plural(jobs, "job")} on ${where}` : `job ${grouped(of.step[at.i] + at.k)} on ${where}`,
    `start ${exactTime(start)}`,
    `end ${exactTime(end)}`,
    `takes ${timeText(end - start)}`,
  ];
  if (jobs > 1) {
    lines.push(`at work ${percentText(of.busy[at.i] / ((end - start) * servers || 1))} of it`);
  }
  const wait = at.k === 0 || of.wait[at.i] !== 0 ? of.wait[at.i] : 0;
  if (wait !== 0) {
    lines.push(`waited for ${waitText(wait)}${wait & 1 ? sourcesText(operator) : ""}`);
  }
  return [...lines, ...criticalLines(operator, start, end)];
}

// Who makes what the operator reads.
function sourcesText(operator) {
  const names = data.edges
    .filter(([, consumer]) => consumer === operators[operator].node)
    .map(([producer]) => nodeName(producer));
  return names.length > 0 ? ` (${shortened(names.join(", "), 80)})` : "";
}

function criticalLines(operator, start, end) {
  const step = criticalPath.find((one) => one.operator === operator && one.start < end && start < one.end);
  if (!step) {
    return [];
  }
  const ties = step.ties.map(nodeName);
  return [
    `on the critical path${step.cause >= 0 ? `, behind ${nodeName(step.cause)}` : ""}`,
    ...(ties.length > 0 ? [`tied with ${shortened(ties.join(", "), 60)}`] : []),
  ];
}
