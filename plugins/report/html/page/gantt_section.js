// The chart's section: its buttons, pointer and keys.

function ganttCaption() {
  const { gap_ps: gap, servers_per_lane: servers, jobs, rectangles } = data.gantt;
  const parts = [];
  if (jobs === 0) {
    parts.push("The analyzer of this run reports no jobs: each operator is one rectangle. ");
  } else if (gap !== undefined) {
    parts.push(
      element("strong", {}, `Aggregated: ${plural(jobs, "job")} are drawn as ${plural(rectangles, "rectangle")}.`),
      ` Jobs with pauses of at most ${timeText(gap)} between them are one`,
      servers > 1 ? `, and ${servers} servers share a lane. ` : ". ",
    );
  } else {
    parts.push(`One rectangle per job, ${plural(jobs, "job")}. `);
  }
  parts.push(
    "A row is an operator, a lane in it a server. Pauses below half a point are closed: zoom in to see them. ",
    `${kColours} colours repeat; names tell operators apart. `,
    kSegmentsTakeTime ? "The strip at the top is what segments do; their own figure says what its colours are. " : "",
    criticalPath.length > 0 ? "The line below the rectangles is the critical path. " : "",
    "Drag moves, Ctrl and the wheel zoom, a double click shows one operator. ",
    "Keys: arrows go from job to job, + and − zoom, Shift and arrows move, 0 shows all, Enter highlights.",
  );
  return parts;
}

function wheelGantt(event) {
  if (event.ctrlKey || event.metaKey) {
    event.preventDefault();
    zoom(event.deltaY < 0 ? 1 / 1.3 : 1.3, located(event).time);
  }
}

function releaseGantt(event) {
  const { drag } = gantt;
  gantt.drag = null;
  if (drag && !drag.moved) {
    const { operator } = located(event);
    if (operator >= 0 && !event.target.closest("text")) {
      choose(operator);
    }
  }
}

// Redraws once per frame, however often the view changes.
function redrawSoon(update) {
  if (!gantt.pending) {
    gantt.pending = true;
    requestAnimationFrame(() => {
      gantt.pending = false;
      update();
    });
  }
}

// Rows as high as they read best, or all on one screen; the latter first where they would be a scroll.
function fitButton() {
  const tall = chartBottom > 2 * kFittingHeight;
  const fit = button("fit rows", "Show all rows at once", () => {
    const on = fit.getAttribute("aria-pressed") !== "true";
    fit.setAttribute("aria-pressed", String(on));
    fitRows(on);
  });
  fit.setAttribute("aria-pressed", String(tall));
  if (tall) {
    fitRows(true);
  }
  return chartBottom > kFittingHeight || tall ? fit : null;
}

function criticalTable() {
  const time = (name, of) => ({ name, number: true, of, text: timeText });
  return sortableTable(
    "critical-path",
    "Critical path",
    criticalPath,
    [
      { name: "operator", of: (step) => (step.operator < 0 ? "" : operators[step.operator].name) },
      time("start_ps", (step) => step.start),
      time("end_ps", (step) => step.end),
      { name: "jobs", number: true, of: (step) => step.jobs, text: grouped },
      { name: "waited_for", of: (step) => (step.wait === 0 ? "" : waitText(step.wait)) },
      { name: "cause", of: (step) => (step.cause < 0 ? "" : nodeName(step.cause)) },
      { name: "ties", of: (step) => step.ties.map(nodeName).join(" ") },
    ],
    (step) => step.operator,
  );
}

function startGantt() {
  const controls = [
    fitButton(),
    button("−", "Show more time", () => zoom(2)),
    button("+", "Show less time", () => zoom(0.5)),
    button("◀", "Earlier", () => pan(-0.25)),
    button("▶", "Later", () => pan(0.25)),
    button("all", "Show all of the time", showAll),
  ];
  const made = figure("gantt", "Servers over time", drawGantt, { controls, caption: ganttCaption(), scroll: true });
  const { place } = made;
  gantt.place = place;
  place.setAttribute("role", "group");
  place.setAttribute("aria-describedby", "gantt-status");
  place.after(element("p", { id: "gantt-status", role: "status", class: "caption" }));
  if (criticalPath.length > 0) {
    made.node.append(folded(`Critical path: ${plural(criticalPath.length, "piece")}`, criticalTable()));
  }
  ganttChanged = () => redrawSoon(() => made.update());
  place.addEventListener("pointermove", hoverGantt);
  place.addEventListener("pointerleave", () => {
    hideTip();
    gantt.drag = null;
    gantt.cursor = null;
    drawCursor();
  });
  place.addEventListener("pointerdown", (event) => {
    gantt.drag =
      event.button === 0 && event.target.closest("svg")
        ? { x: event.clientX, from: ganttView.from, moved: false }
        : null;
  });
  place.addEventListener("pointerup", releaseGantt);
  place.addEventListener("dblclick", (event) => {
    const { operator } = located(event);
    if (operator >= 0) {
      zoomToOperator(operator);
    }
  });
  place.addEventListener("wheel", wheelGantt, { passive: false });
  place.addEventListener("keydown", ganttKey);
}
