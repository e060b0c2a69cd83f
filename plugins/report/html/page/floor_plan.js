// Where the operators of a segment sit on the array, and what the links carry.

const planned = data.segments.filter((segment) => segment.floor_plan);
let planShown = 0; // of `planned`

const unpackedPlans = new Map();
function planOf(segment) {
  if (!unpackedPlans.has(segment)) {
    const { links, stage_of: stages, ...rest } = segment.floor_plan;
    unpackedPlans.set(segment, {
      ...rest,
      stageOf: unpacked(stages),
      all: links.all,
      from: unpacked(links.from),
      to: unpacked(links.to),
      words: links.words,
    });
  }
  return unpackedPlans.get(segment);
}

// Pieces of rows that belong to a stage: {row, first, width}.
function stageRuns(plan, stage) {
  const runs = [];
  for (let row = 0; row < plan.rows; ++row) {
    for (let column = 0; column < plan.columns; ++column) {
      const first = column;
      while (column < plan.columns && plan.stageOf[row * plan.columns + column] === stage) {
        ++column;
      }
      if (column > first) {
        runs.push({ row, first, width: column - first });
      }
    }
  }
  return runs;
}

// The same as blocks: pieces that lie exactly below one another together, with `rows`.
function stageBlocks(plan, stage) {
  const open = new Map();
  const blocks = [];
  for (const { row, first, width } of stageRuns(plan, stage)) {
    const above = open.get(`${first} ${width}`);
    if (above && above.row + above.rows === row) {
      ++above.rows;
    } else {
      const block = { row, first, width, rows: 1 };
      open.set(`${first} ${width}`, block);
      blocks.push(block);
    }
  }
  return blocks;
}

const blockPath =
  (grid) =>
  ({ row, first, width, rows }) =>
    `M${point(grid.left + first * grid.cell)} ${point(
      grid.top + row * grid.cell,
    )}h${point(width * grid.cell)}v${point(rows * grid.cell)}h${point(-width * grid.cell)}z`;

function drawElements(plan, grid) {
  const stages = plan.stages.map((name, stage) => {
    const blocks = stageBlocks(plan, stage);
    const operator = operatorOf(name);
    const count = plan.stageOf.filter((one) => one === stage).length;
    return [
      linked(
        svg("path", { class: `${colourClass(operator)} stage`, d: blocks.map(blockPath(grid)).join("") }),
        operator,
        () => [name, plural(count, "element")],
      ),
      stageLabel(blocks, name, grid),
    ];
  });
  const frame = svg("rect", {
    class: "frame",
    x: grid.left,
    y: grid.top,
    width: plan.columns * grid.cell,
    height: plan.rows * grid.cell,
  });
  return [words(grid.left, grid.top - 8, "elements, by operator", { class: "strong" }), frame, stages];
}

const operatorOf = (name) => (byName.has(name) ? byName.get(name) : -1);

// In the middle of the largest block of a stage, where its name fits.
function stageLabel(blocks, name, grid) {
  const largest = blocks.reduce((best, block) => (block.width * block.rows > best.width * best.rows ? block : best), {
    width: 0,
    rows: 0,
  });
  const { row, first, width, rows } = largest;
  return name.length * 7 > width * grid.cell || rows * grid.cell < 14
    ? null
    : words(
        point(grid.left + (first + width / 2) * grid.cell),
        point(grid.top + (row + rows / 2) * grid.cell + 4),
        name,
        { class: "onColour", "text-anchor": "middle" },
      );
}

const kLoadSteps = 8;

// Links of a load class as one path: straight to a neighbour, bent when it is longer, each way on its own side.
function linkPart(plan, grid, i) {
  const place = (node) =>
    node >= plan.rows * plan.columns
      ? [grid.left - 0.6 * grid.cell, grid.top + (node - plan.rows * plan.columns + 0.5) * grid.cell]
      : [
          grid.left + ((node % plan.columns) + 0.5) * grid.cell,
          grid.top + (Math.floor(node / plan.columns) + 0.5) * grid.cell,
        ];
  const [[x1, y1], [x2, y2]] = [place(plan.from[i]), place(plan.to[i])];
  const length = Math.hypot(x2 - x1, y2 - y1) || 1;
  const aside = Math.min(2, grid.cell / 8) + (length > 1.7 * grid.cell ? grid.cell / 3 : 0);
  const [dx, dy] = [(-(y2 - y1) / length) * aside, ((x2 - x1) / length) * aside];
  const near = Math.min(2, grid.cell / 8);
  const [ox, oy] = [(dx / aside) * near, (dy / aside) * near];
  const bend = `${point((x1 + x2) / 2 + dx * 2)} ${point((y1 + y2) / 2 + dy * 2)}`;
  return `M${point(x1 + ox)} ${point(y1 + oy)}Q${bend} ${point(x2 + ox)} ${point(y2 + oy)}`;
}

function drawLinks(plan, grid) {
  const most = Math.max(1, ...plan.words);
  const parts = Array.from({ length: kLoadSteps }, () => []);
  plan.words.forEach((load, i) =>
    parts[Math.min(kLoadSteps - 1, Math.floor((load / most) * kLoadSteps))].push(linkPart(plan, grid, i)),
  );
  const frame = svg("rect", {
    class: "frame",
    x: grid.left,
    y: grid.top,
    width: plan.columns * grid.cell,
    height: plan.rows * grid.cell,
  });
  return [
    words(grid.left, grid.top - 8, "links, by load", { class: "strong" }),
    frame,
    parts.map((some, i) => svg("path", { class: `link load${i}`, d: some.join("") })),
    drawLoadKey(grid, plan, most),
  ];
}

function drawLoadKey(grid, plan, most) {
  const y = grid.top + plan.rows * grid.cell + 18;
  const each = Math.min(22, (plan.columns * grid.cell) / (kLoadSteps + 6));
  return [
    words(grid.left, y + 9, "0", { class: "soft" }),
    Array.from({ length: kLoadSteps }, (_, i) =>
      svg("rect", { class: `heat load${i}`, x: point(grid.left + 14 + i * each), y, width: point(each), height: 10 }),
    ),
    words(grid.left + 20 + kLoadSteps * each, y + 9, `${grouped(Math.round(most))} words`, { class: "soft" }),
  ];
}

function drawFloorPlan(width) {
  const plan = planOf(planned[planShown]);
  const beside = width >= 700;
  const room = (beside ? width / 2 : width) - 44;
  const cell = Math.max(1, Math.min(24, room / (plan.columns + 1), 420 / plan.rows));
  const keys = legend(
    plan.stages.map((name) => ({ name: shortName(name, 30), style: colourClass(operatorOf(name)) })),
    12,
    16,
    width - 24,
  );
  const left = 12 + cell;
  const first = { left, top: keys.height + 22, cell };
  const second = beside
    ? { left: width / 2 + left, top: first.top, cell }
    : { left, top: first.top + plan.rows * cell + 48, cell };
  return picture(
    width,
    Math.ceil(second.top + plan.rows * cell + 40),
    `Floor plan of segment ${planned[planShown].segment}: ${plan.stages.join(
      ", ",
    )} on ${plan.rows} times ${plan.columns} elements, and the loads of its links`,
    keys.nodes,
    drawElements(plan, first),
    drawLinks(plan, second),
  );
}

function planCaption() {
  const plan = planOf(planned[planShown]);
  const kept =
    plan.all > plan.words.length
      ? ` (the heaviest ${grouped(plan.words.length)} of ${grouped(plan.all)} are drawn)`
      : "";
  return [
    `Segment ${planned[planShown].segment}, ${plan.topology}, layout ${plan.layout}. `,
    `${plural(plan.all, "link")} carry words${kept}; `,
    "loads are of the whole segment. Ports of the global buffer are left of column 0.",
  ];
}

function handOverTable() {
  const rows = planned.flatMap((segment) => planOf(segment).hand_overs.map((one) => [segment.segment, ...one]));
  const names = ["segment", "producer", "consumer", "pattern", "words", "intervals", "buffer_words"];
  return sortableTable(
    "hand-overs",
    "Hand-overs",
    rows,
    names.map((name, i) => ({ name, of: (row) => row[i], number: i > 3 })),
  );
}

function startFloorPlan() {
  if (planned.length === 0) {
    return;
  }
  const slider = element("input", {
    type: "range",
    min: 0,
    max: planned.length - 1,
    value: 0,
    "aria-label": "Segment",
  });
  const name = element("output", {}, `segment ${planned[0].segment}`);
  const made = figure("floor-plan", "Floor plan and links", drawFloorPlan, {
    controls: planned.length > 1 ? [slider, name] : [],
    caption: planCaption(),
  });
  slider.addEventListener("input", () => {
    planShown = Number(slider.value);
    name.textContent = `segment ${planned[planShown].segment}`;
    slider.setAttribute("aria-valuetext", name.textContent);
    made.update();
    made.node.querySelector(".caption").replaceChildren(...planCaption());
  });
  made.node.append(folded("Hand-overs", handOverTable()));
}
