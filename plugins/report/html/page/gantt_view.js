// Which part of the time the chart shows, and where operators stand in it.

const kLabelWidth = 150;
const kAxisHeight = 22;

const ganttView = { from: 0, to: makespan };
let ganttChanged = () => {};   // set by the chart

// Rows one below the other: more lanes, more height, as long as the whole stays readable.
function bandsOf() {
  const few = operators.length <= 200;
  const least = few ? 14 : 5;
  let top = kAxisHeight + 4;
  return operators.map((_, i) => {
    const height = Math.min(few ? 44 : 10, Math.max(least, 10 + 4 * Math.min(laneCount(bars[i]), 9)));
    const band = { top, height };
    top += height + (few ? 3 : 1);
    return band;
  });
}
const bands = bandsOf();
const chartBottom = bands.length > 0 ? bands[bands.length - 1].top + bands[bands.length - 1].height + 4 : kAxisHeight;

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
  return bands.findIndex(({ top, height }) => y >= top - 1 && y <= top + height + 1);
}
