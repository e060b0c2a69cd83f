// Operators that are resident together: their weights arrive, they work, their results leave.

const kPhases = [
  ["weights arrive", "c0"],
  ["weights are written", "c5"],
  ["work", "c2"],
  ["data moves", "c1"],
];

// From when to when each phase of kPhases lasts.
function phasesOf(segment) {
  const written = segment.work_start_ps - segment.weight_write_ps;
  return [
    [written - segment.weight_load_ps, written],
    [written, segment.work_start_ps],
    [segment.work_start_ps, segment.end_ps - segment.data_ps],
    [segment.end_ps - segment.data_ps, segment.end_ps],
  ];
}

// Of all segments together.
const phaseTime = (phase) =>
  data.segments.reduce((sum, segment) => {
    const [from, to] = phasesOf(segment)[phase];
    return sum + Math.max(0, to - from);
  }, 0);

// A strip below the axis: what segments do, as in their own figure.
function segmentStrip(plot) {
  if (!kSegmentsTakeTime) {
    return null;
  }
  const clamp = (time) => point(placeIn(plot, Math.min(Math.max(time, plot.from), plot.to)));
  const inView = data.segments.filter((segment) => segment.end_ps >= plot.from && segment.start_ps <= plot.to);
  return [
    words(plot.left - 8, kAxisHeight + 11, "segments", { "text-anchor": "end", class: "soft" }),
    svg(
      "g",
      { class: "strip" },
      kPhases.map(([name, style], phase) =>
        linked(
          svg("path", {
            class: style,
            d: inView
              .map((segment) => {
                const [from, to] = phasesOf(segment)[phase].map(clamp);
                return to > from ? `M${from} ${kAxisHeight + 3}H${to}v8H${from}z` : "";
              })
              .join(""),
          }),
          -1,
          () => [name],
        ),
      ),
    ),
  ];
}

const kBorderApart = 8; // points

// Where segments begin, as lines through the chart, but for those too close to the one before.
function segmentBorders(plot) {
  let before = plot.left;
  const places = data.segments
    .filter(({ start_ps: at }) => at > plot.from && at < plot.to)
    .map(({ start_ps: at }) => point(placeIn(plot, at)))
    .filter((x) => {
      const apart = x - before >= kBorderApart;
      before = apart ? x : before;
      return apart;
    });
  return places.map((x) => svg("line", { class: "border", x1: x, x2: x, y1: kAxisHeight, y2: chartBottom }));
}

function drawSegments(width) {
  const rows = data.segments.length;
  const each = rows <= 60 ? 20 : rows <= 300 ? 6 : 2;
  const keys = legend(
    kPhases.map(([name, style]) => ({ name, style })),
    84,
    16,
    width - 96,
  );
  const frame = { left: 84, right: width - 12, top: keys.height + 4 };
  const height = frame.top + rows * each + 30;
  const x = (time) => point(frame.left + (time / makespan) * (frame.right - frame.left));
  const paths = kPhases.map(([name, style], phase) =>
    svg("path", {
      class: style,
      d: data.segments
        .map((segment, row) => {
          const [from, to] = phasesOf(segment)[phase];
          return to > from
            ? `M${x(from)} ${frame.top + row * each + 1}H${x(to)}v${each - (each > 4 ? 3 : 0)}H${x(from)}z`
            : "";
        })
        .join(""),
    }),
  );
  const labels =
    each < 12
      ? []
      : data.segments.map((segment, row) =>
          words(76, frame.top + row * each + 13, `segment ${segment.segment}`, {
            "text-anchor": "end",
            class: "soft",
          }),
        );
  const hovers =
    each < 6
      ? []
      : data.segments.map((segment, row) =>
          linked(svg("rect", { class: "hover", x: 0, y: frame.top + row * each, width, height: each }), -1, () =>
            segmentLines(segment),
          ),
        );
  return picture(
    width,
    height,
    `Phases of ${plural(rows, "segment")} over time`,
    keys.nodes,
    timeTicks(0, makespan, Math.max(2, Math.floor(width / 130))).map(({ at, text }) => [
      svg("line", { class: "grid", x1: x(at), x2: x(at), y1: frame.top, y2: height - 24 }),
      words(x(at), height - 8, text, { class: "soft", "text-anchor": x(at) > width - 50 ? "end" : "middle" }),
    ]),
    paths,
    labels,
    hovers,
  );
}

function segmentLines(segment) {
  const phases = phasesOf(segment).map(([from, to], i) =>
    to > from ? `${kPhases[i][0]}: ${timeText(to - from)}` : null,
  );
  return [
    `segment ${segment.segment}`,
    `from ${timeText(segment.start_ps)} to ${timeText(segment.end_ps)}`,
    ...phases.filter(Boolean),
    ...(segment.external_ps > 0 ? [`external memory beside the work: ${timeText(segment.external_ps)}`] : []),
    ...(segment.buffer_ps > 0 ? [`shared buffer beside the work: ${timeText(segment.buffer_ps)}`] : []),
    shortened(segment.operators.join(", "), 120),
  ];
}

function segmentTable() {
  const number = (name, of = (row) => row[name]) => ({
    name,
    number: true,
    of,
    text: (value) =>
      name.endsWith("_ps") || name.endsWith("_bits") || name.endsWith("_pj")
        ? metricText(name, value)
        : grouped(value),
  });
  return sortableTable("segment-table", "Segments", data.segments, [
    { name: "segment", of: (row) => row.segment },
    ...[
      "start_ps",
      "end_ps",
      "weight_load_ps",
      "weight_write_ps",
      "data_ps",
      "external_ps",
      "buffer_ps",
      "weight_bits",
      "load_bits",
      "store_bits",
      "energy_pj",
      "units",
    ].map((name) => number(name)),
    { name: "operators", of: (row) => row.operators.join(" "), text: (value) => shortened(value, 80) },
  ]);
}

function startSegments() {
  if (data.segments.length > 0) {
    const made = figure("segments", "Segments and their weights", drawSegments, {
      scroll: data.segments.length > 30,
      caption: [
        "Operators of a segment are resident together; segments follow one another. ",
        "What loads or waits beside the work is in the table.",
      ],
    });
    made.node.append(folded(`All ${plural(data.segments.length, "segment")}`, segmentTable()));
  }
}
