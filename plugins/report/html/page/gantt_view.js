// Which part of the time the chart shows, and where operators stand in it.

const kLabelWidth = 150;
const kAxisHeight = 22;

const ganttView = { from: 0, to: makespan };
let ganttChanged = () => {}; // set by the chart

// Weights that arrive or data that moves between segments is drawn above the operators.
const kSegmentsTakeTime = data.segments.some(
  (segment) => segment.work_start_ps > segment.start_ps || segment.data_ps > 0,
);

const kFittingHeight = 640;

// Rows one below the other: more lanes, more height. Fitting: all of them on a screen, names or not.
function bandsOf(fitting) {
  const wanted = operators.map((_, i) => 10 + 4 * Math.min(laneCount(bars[i]), 9));
  const whole = wanted.reduce((sum, height) => sum + height + 3, 0);
  const scale = fitting ? Math.min(1, kFittingHeight / whole) : 1;
  let top = kAxisHeight + (kSegmentsTakeTime ? 16 : 4);
  return wanted.map((height) => {
    const band = { top, height: height * scale };
    top += (height + 3) * scale;
    return band;
  });
}
const bands = bandsOf(false);
const bottomOf = (rows) =>
  rows.length > 0 ? rows[rows.length - 1].top + rows[rows.length - 1].height + 4 : kAxisHeight;
let chartBottom = bottomOf(bands);

// Whether all rows are on one screen.
function fitRows(fitting) {
  bandsOf(fitting).forEach((band, i) => Object.assign(bands[i], band));
  chartBottom = bottomOf(bands);
  ganttChanged();
}

function showTimes(from, to) {
  const span = Math.min(makespan, Math.max(to - from, Math.min(makespan, 8)));
  ganttView.from = Math.min(Math.max(0, from), makespan - span);
  ganttView.to = ganttView.from + span;
  ganttChanged();
}

// `factor` below 1 shows less time; what lies at `anchor` stays where it is.
function zoom(factor, anchor = (ganttView.from + ganttView.to) / 2) {
  showTimes(anchor - (anchor - ganttView.from) * factor, anchor + (ganttView.to - anchor) * factor);
}
function pan(share) {
  const shift = share * (ganttView.to - ganttView.from);
  showTimes(ganttView.from + shift, ganttView.to + shift);
}
const showAll = () => showTimes(0, makespan);

function zoomToOperator(operator) {
  const { start_ps: from, end_ps: to } = operators[operator];
  showTimes(from - 0.05 * (to - from), to + 0.05 * (to - from));
}

// Band below a height of the chart; -1: none.
function bandAt(y) {
  const row = bands.findIndex(({ top, height }) => y <= top + height + Math.min(1, height / 4));
  return row >= 0 && y >= bands[row].top - 2 ? row : -1;
}
