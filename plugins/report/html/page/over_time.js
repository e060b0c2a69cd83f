// How much of the chip is at work, and how much data waits between operators, over time.

const kBins = 480;

// Units at work in each bin of `kBins`, on average, of the operators that `counts` lets through.
function unitsOverTime(counts = () => true) {
  const bins = new Float64Array(kBins);
  const size = makespan / kBins;
  operators.forEach((operator, o) => {
    const of = bars[o];
    const each = operator.units / Math.max(1, operator.servers);
    for (let i = 0; counts(o) && i < of.size; ++i) {
      addBarTime(bins, size, of, i, each);
    }
  });
  return bins;
}

// Of a run whose period is shorter than a bin only the mean is seen.
function addBarTime(bins, size, of, i, each) {
  const share = of.busy && of.length[i] > 0 ? of.busy[i] / of.length[i] : 1;
  const count = of.count[i];
  if (count > 1 && of.period[i] < size) {
    const width = widthOf(of, i);
    addTime(bins, size, of.start[i], of.start[i] + width, (each * share * count * of.length[i]) / width);
    return;
  }
  for (let k = 0; k < count; ++k) {
    const start = of.start[i] + k * of.period[i];
    addTime(bins, size, start, start + of.length[i], each * share);
  }
}

function addTime(bins, size, start, end, units) {
  const last = Math.min(kBins - 1, Math.floor(end / size));
  for (let bin = Math.floor(start / size); bin <= last; ++bin) {
    const overlap = Math.min(end, (bin + 1) * size) - Math.max(start, bin * size);
    bins[bin] += Math.max(0, overlap / size) * units;
  }
}

// Axes of a curve over the whole time, up to the value `most`.
function curveFrame(width, height, most, textOf) {
  const box = { left: 72, top: 12, right: width - 12, bottom: height - 26 };
  const x = (time) => point(box.left + (time / makespan) * (box.right - box.left));
  const y = (value) => point(box.bottom - (value / most) * (box.bottom - box.top));
  const nodes = [
    ...ticksOf(0, most, 4).ticks.map((at) => [
      svg("line", { class: "grid", x1: box.left, x2: box.right, y1: y(at), y2: y(at) }),
      words(box.left - 6, y(at) + 4, textOf(at), { class: "soft", "text-anchor": "end" }),
    ]),
    ...timeTicks(0, makespan, Math.max(2, Math.floor(width / 130))).map(({ at, text }) =>
      words(x(at), height - 8, text, { class: "soft", "text-anchor": x(at) > width - 50 ? "end" : "middle" }),
    ),
  ];
  return { box, x, y, nodes };
}

// What a curve of [time, value] says where the pointer is.
function readable(frame, steps, textOf) {
  const { box } = frame;
  const times = steps.map(([time]) => time);
  const area = svg("rect", { class: "hover", x: box.left, y: 0, width: box.right - box.left, height: box.bottom });
  area.addEventListener("pointermove", (event) => {
    const place = area.getBoundingClientRect();
    const time = Math.min(1, Math.max(0, (event.clientX - place.left) / place.width)) * makespan;
    const at = lastAtMost(times, time, 0, steps.length);
    showTip([textOf(at < 0 ? 0 : steps[at][1]), `at ${timeText(time)}`], event.clientX, event.clientY);
  });
  area.addEventListener("pointerleave", hideTip);
  return area;
}

// Steps of [time, value], from the left to the right end of the chart, closed at the bottom.
function areaPath({ x, y }, steps) {
  const parts = steps.map(([time, value]) => `H${x(time)}V${y(value)}`);
  return `M${x(0)} ${y(0)}${parts.join("")}H${x(makespan)}V${y(0)}z`;
}

const binSteps = (bins) =>
  [...bins]
    .map((value, bin) => [(bin * makespan) / kBins, value])
    .filter(([, value], i, all) => i === 0 || value !== all[i - 1][1]);

let allUnits = null; // computed once: it takes as long as the rectangles are many

function drawUtilisation(width) {
  allUnits = allUnits || unitsOverTime();
  const total = metric("units_total") || Math.max(1e-9, ...allUnits);
  const frame = curveFrame(width, 190, Math.max(1, ...[...allUnits].map((units) => units / total)), percentText);
  const share = (bins) => binSteps(bins.map((units) => units / total));
  const steps = share(allUnits);
  return picture(
    width,
    190,
    `Units at work over time, ${percentText(metric("occupancy") || 0)} of all on average`,
    frame.nodes,
    svg("path", { class: "area", d: areaPath(frame, steps) }),
    chosen < 0
      ? null
      : svg("path", { class: colourClass(chosen), d: areaPath(frame, share(unitsOverTime((o) => o === chosen))) }),
    readable(frame, steps, percentText),
  );
}

// An edge counts with its peak from when its producer starts until its consumer ends: never too little.
function liveSteps(edges) {
  const events = new Map();
  const add = (time, bytes) => events.set(time, (events.get(time) || 0) + bytes);
  for (const [producer, consumer, , peak] of edges) {
    const [from, to] = [mappedOf(producer), mappedOf(consumer)];
    if (from >= 0 && to >= 0) {
      add(operators[from].start_ps, peak);
      add(operators[to].end_ps, -peak);
    }
  }
  let sum = 0;
  return [...events].sort((a, b) => a[0] - b[0]).map(([time, bytes]) => [time, (sum += bytes)]);
}

function drawLive(width) {
  const steps = liveSteps(data.edges);
  const most = steps.reduce((largest, [, bytes]) => Math.max(largest, bytes), 1);
  const frame = curveFrame(width, 190, most, (bytes) => quantityText(bytes, "byte", 3));
  const own =
    chosen < 0
      ? []
      : liveSteps(
          data.edges.filter(([producer, consumer]) => mappedOf(producer) === chosen || mappedOf(consumer) === chosen),
        );
  return picture(
    width,
    190,
    `Data between operators over time, at most ${quantityText(most, "byte")}`,
    frame.nodes,
    svg("path", { class: "area", d: areaPath(frame, steps) }),
    own.length === 0 ? null : svg("path", { class: colourClass(chosen), d: areaPath(frame, own) }),
    readable(frame, steps, (bytes) => `at most ${quantityText(bytes, "byte")}`),
  );
}

function edgeTable() {
  const name = (node) => nodeName(node);
  return sortableTable(
    "edges",
    "Data between operators",
    data.edges,
    [
      { name: "producer", of: ([node]) => name(node) },
      { name: "consumer", of: ([, node]) => name(node) },
      { name: "total_bytes", number: true, of: (edge) => edge[2], text: grouped },
      { name: "peak_live_bytes", number: true, of: (edge) => edge[3], text: grouped },
    ],
    ([producer]) => mappedOf(producer),
  );
}

function startOverTime() {
  if (data.gantt.jobs > 0) {
    const made = figure("utilisation", "Units at work", drawUtilisation, {
      caption: [
        `Share of all ${
          metric("units_total") ? `${grouped(metric("units_total"))} ` : ""
        }${unitName}s whose operators are at work, averaged over ${kBins} parts of the time. `,
        "A highlighted operator's part is in its colour.",
      ],
    });
    whenChosen(() => made.update());
  }
  if (data.edges.length > 0) {
    const made = figure("live", "Data between operators, at most", drawLive, {
      caption: [
        "An upper limit: each pair of operators counts with its peak from the producer's start to the consumer's end.",
      ],
    });
    whenChosen(() => made.update());
    const table = edgeTable();
    made.node.append(folded(`All ${plural(data.edges.length, "pair")}`, table));
  }
}
