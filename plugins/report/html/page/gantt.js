// The Gantt chart: one path per operator, the critical path over them.

const gantt = { place: null, image: null, width: 0, cursor: null, drag: null, pending: false };

const plotOf = (width) => {
  const left = width < 560 ? 92 : kLabelWidth;
  return { from: ganttView.from, to: ganttView.to, left, width: width - left - 8 };
};
const placeIn = (plot, time) => plot.left + ((time - plot.from) / (plot.to - plot.from)) * plot.width;

function drawAxis(plot) {
  const count = Math.max(2, Math.floor(plot.width / 110));
  return timeTicks(plot.from, plot.to, count).map(({ at, text }) => {
    const x = point(placeIn(plot, at));
    return [
      svg("line", { class: "grid", x1: x, x2: x, y1: kAxisHeight, y2: chartBottom }),
      words(x, 14, text, {
        class: "soft",
        "text-anchor": x > plot.left + plot.width - 30 ? "end" : x < plot.left + 20 ? "start" : "middle",
      }),
    ];
  });
}

function drawLabels(plot) {
  return operators.map(({ name }, i) =>
    bands[i].height < 12
      ? null
      : linked(
          words(
            plot.left - 8,
            bands[i].top + bands[i].height / 2 + 4,
            shortName(name, Math.floor((plot.left - 10) / 6.6)),
            { "text-anchor": "end", class: "name" },
          ),
          i,
          () => [name, operators[i].kind],
        ),
  );
}

// Below each operator when it bounds the makespan, and from one to the next where one waited for the other.
function criticalLine(plot) {
  const clamp = (time) => point(placeIn(plot, Math.min(Math.max(time, plot.from), plot.to)));
  let d = "";
  let before = null;
  for (const step of criticalPath) {
    if (step.operator >= 0) {
      const y = bands[step.operator].top + bands[step.operator].height + 0.5;
      if (before !== null && step.start >= plot.from && step.start <= plot.to) {
        d += `M${clamp(step.start)} ${before}V${y}`;
      }
      if (step.end >= plot.from && step.start <= plot.to) {
        d += `M${clamp(step.start)} ${y}H${clamp(step.end)}`;
      }
      before = y;
    }
  }
  return svg("path", { class: "critical", d });
}

function drawGantt(width) {
  const plot = plotOf(width);
  const separators = [];
  const paths = operators.map((_, i) =>
    svg("path", { class: colourClass(i), "data-operator": i, d: operatorPath(bars[i], plot, bands[i], separators) }),
  );
  gantt.width = width;
  gantt.image = picture(
    width,
    chartBottom,
    `Gantt chart of ${plural(operators.length, "operator")} from ${timeText(plot.from)} to ${timeText(plot.to)}`,
    drawAxis(plot),
    segmentBorders(plot),
    svg("rect", {
      class: "plot",
      x: plot.left,
      y: kAxisHeight,
      width: plot.width,
      height: chartBottom - kAxisHeight,
    }),
    segmentStrip(plot),
    paths,
    svg("path", { class: "separators", d: separators.join("") }),
    criticalLine(plot),
    drawLabels(plot),
    svg("rect", { class: "cursor", width: 0, height: 0 }),
  );
  drawCursor();
  return gantt.image;
}

// The rectangle that the pointer or the keys are at.
function drawCursor() {
  const node = gantt.image.querySelector(".cursor");
  const { cursor } = gantt;
  if (!cursor) {
    node.setAttribute("width", 0);
    return;
  }
  const plot = plotOf(gantt.width);
  const of = bars[cursor.operator];
  const height = bands[cursor.operator].height / laneCount(of);
  const clamp = (time) => placeIn(plot, Math.min(Math.max(time, plot.from), plot.to));
  const [x, right] = [clamp(startOf(of, cursor)), clamp(endOf(of, cursor))];
  Object.entries({
    x: x - 1,
    y: bands[cursor.operator].top + of.lane[cursor.i] * height - 1,
    width: right - x + 2,
    height: height + 2,
  }).forEach(([name, value]) => node.setAttribute(name, point(value)));
}

// Where the pointer is: time, operator and rectangle; `at` is null between rectangles.
function located(event) {
  const box = gantt.image.getBoundingClientRect();
  const scale = gantt.width / box.width;
  const [x, y] = [(event.clientX - box.left) * scale, (event.clientY - box.top) * scale];
  const plot = plotOf(gantt.width);
  const time = plot.from + ((x - plot.left) / plot.width) * (plot.to - plot.from);
  const operator = x < plot.left ? -1 : bandAt(y);
  if (operator < 0) {
    return { time, operator, at: null };
  }
  const of = bars[operator];
  const lanes = laneCount(of);
  const lane = Math.min(
    lanes - 1,
    Math.max(0, Math.floor((y - bands[operator].top) / (bands[operator].height / lanes))),
  );
  const at = rectangleAt(of, lane, time);
  const nearly = (plot.to - plot.from) / plot.width;
  return { time, operator, at: at && time <= endOf(of, at) + nearly ? at : null };
}

function hoverGantt(event) {
  if (gantt.drag) {
    const span = ganttView.to - ganttView.from;
    const shift = ((gantt.drag.x - event.clientX) / plotOf(gantt.width).width) * span;
    gantt.drag.moved = gantt.drag.moved || Math.abs(gantt.drag.x - event.clientX) > 3;
    showTimes(gantt.drag.from + shift, gantt.drag.from + shift + span);
    return;
  }
  const { operator, at } = located(event);
  gantt.cursor = at ? { operator, ...at } : null;
  drawCursor();
  if (at) {
    showTip(rectangleLines(operator, at), event.clientX, event.clientY);
  } else if (!event.target.closest("text, .strip")) {
    hideTip();
  }
}

// Moves to another rectangle with the keys, and says which.
function stepTo(cursor) {
  if (!cursor) {
    return;
  }
  gantt.cursor = cursor;
  const of = bars[cursor.operator];
  const [start, end] = [startOf(of, cursor), endOf(of, cursor)];
  if (start < ganttView.from || end > ganttView.to) {
    const half = (ganttView.to - ganttView.from) / 2;
    showTimes((start + end) / 2 - half, (start + end) / 2 + half);
  }
  drawCursor();
  document.getElementById("gantt-status").textContent = rectangleLines(cursor.operator, cursor).join(", ");
}

const firstOf = (operator) => (bars[operator] && bars[operator].size > 0 ? { operator, i: 0, k: 0 } : null);

// To the lane above or below, then to the next operator's.
function otherLane({ operator, i, k }, direction) {
  const time = startOf(bars[operator], { i, k });
  let [row, lane] = [operator, bars[operator].lane[i] + direction];
  for (; row >= 0 && row < operators.length; row += direction) {
    for (
      lane = lane ?? (direction > 0 ? 0 : laneCount(bars[row]) - 1);
      lane >= 0 && lane < laneCount(bars[row]);
      lane += direction
    ) {
      const [begin, end] = laneRange(bars[row], lane);
      if (begin < end) {
        return { operator: row, ...(rectangleAt(bars[row], lane, time) || { i: begin, k: 0 }) };
      }
    }
    lane = null;
  }
  return null;
}

function sideways(direction) {
  if (!gantt.cursor) {
    return firstOf(operators.findIndex((_, i) => bars[i].size > 0));
  }
  const next = neighbour(bars[gantt.cursor.operator], gantt.cursor, direction);
  return next && { operator: gantt.cursor.operator, ...next };
}

const kGanttKeys = {
  ArrowRight: (event) => (event.shiftKey ? pan(0.25) : stepTo(sideways(1))),
  ArrowLeft: (event) => (event.shiftKey ? pan(-0.25) : stepTo(sideways(-1))),
  ArrowDown: () => stepTo(gantt.cursor ? otherLane(gantt.cursor, 1) : sideways(1)),
  ArrowUp: () => stepTo(gantt.cursor ? otherLane(gantt.cursor, -1) : sideways(1)),
  "+": () => zoom(0.5, cursorTime()),
  "=": () => zoom(0.5, cursorTime()),
  "-": () => zoom(2, cursorTime()),
  0: showAll,
  Home: showAll,
  Enter: () => gantt.cursor && choose(gantt.cursor.operator),
};
const cursorTime = () => (gantt.cursor ? startOf(bars[gantt.cursor.operator], gantt.cursor) : undefined);

function ganttKey(event) {
  const action = event.ctrlKey || event.metaKey || event.altKey ? null : kGanttKeys[event.key];
  if (action) {
    event.preventDefault();
    action(event);
  }
}
