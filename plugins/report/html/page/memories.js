// What each level of storage exchanges, and what that costs.

const kTensorStyles = { weights: "c0", inputs: "c1", outputs: "c2", "partial sums": "c3" };
const tensorStyle = (tensor) => kTensorStyles[tensor] || "c6";

const levelEnergies = new Map(
  (data.architecture ? data.architecture.levels : []).map(([name, , , read, written]) => [name, { read, written }]),
);

// By level and tensor, of one operator or of all: bytes and energy; energy is null where nobody states it.
function accessRows(which = operators) {
  const rows = new Map();
  for (const operator of which) {
    for (const [level, tensor, bits, , read, written] of operator.accesses || []) {
      const key = `${level}\n${tensor}`;
      const row = rows.get(key) || { level, tensor, read: 0, written: 0, energy: 0 };
      const costs = levelEnergies.get(level) || { read: 0, written: 0 };
      row.read += (read * bits) / 8;
      row.written += (written * bits) / 8;
      row.energy += read * bits * costs.read + written * bits * costs.written;
      rows.set(key, row);
    }
  }
  return [...rows.values()];
}

// One row per level: parts of `of(row)` side by side, their sum behind them.
function levelBars(rows, levels, of, unit, title, top, width) {
  const left = Math.min(170, width * 0.3);
  const totals = levels.map((level) =>
    rows.filter((row) => row.level === level).reduce((sum, row) => sum + of(row), 0),
  );
  const most = Math.max(1e-12, ...totals);
  const scale = (width - left - 110) / most;
  return [
    words(left, top + 12, title, { class: "strong" }),
    levels.map((level, i) => {
      const y = top + 22 + i * 24;
      let x = left;
      const parts = rows
        .filter((row) => row.level === level)
        .map((row) => {
          const length = of(row) * scale;
          const part = linked(
            svg("rect", { class: tensorStyle(row.tensor), x: point(x), y, width: point(length), height: 16 }),
            -1,
            () => [
              `${level}: ${row.tensor}`,
              quantityText(of(row), unit),
              `read ${quantityText(row.read, "byte")}`,
              `written ${quantityText(row.written, "byte")}`,
            ],
          );
          x += length;
          return part;
        });
      return [
        words(left - 8, y + 12, shortened(level, Math.floor(left / 7)), { "text-anchor": "end" }),
        parts,
        words(x + 6, y + 12, quantityText(totals[i], unit), { class: "soft" }),
      ];
    }),
  ];
}

function drawMemories(width) {
  const rows = accessRows(chosen < 0 ? operators : [operators[chosen]]);
  const levels = [...new Set(accessRows().map((row) => row.level))];
  const height = 40 + levels.length * 24;
  const costs = rows.some((row) => row.energy > 0);
  const names = [...new Set(accessRows().map((row) => row.tensor))];
  const keys = legend(
    names.map((name) => ({ name, style: tensorStyle(name) })),
    12,
    18,
    width - 24,
  );
  const total = keys.height + height * (costs ? 2 : 1) + 12;
  return picture(
    width,
    total,
    `Traffic ${costs ? "and energy " : ""}of ${levels.length} levels of storage`,
    keys.nodes,
    levelBars(
      rows,
      levels,
      (row) => row.read + row.written,
      "byte",
      `Traffic${chosen < 0 ? "" : ` of ${operators[chosen].name}`}`,
      keys.height + 8,
      width,
    ),
    costs ? levelBars(rows, levels, (row) => row.energy, "pJ", "Energy", keys.height + height + 8, width) : null,
  );
}

function accessTable() {
  const column = (name, of, text) => ({ name, number: true, of, text });
  const bytes = (value) => quantityText(value, "byte");
  return sortableTable("memories", "Traffic per level", accessRows(), [
    { name: "level", of: (row) => row.level },
    { name: "tensor", of: (row) => row.tensor },
    column("read_bytes", (row) => row.read, bytes),
    column("written_bytes", (row) => row.written, bytes),
    column(
      "energy_pj",
      (row) => row.energy || null,
      (value) => quantityText(value, "pJ"),
    ),
  ]);
}

function startMemories() {
  if (accessRows().length > 0) {
    const made = figure("memories", "Traffic and energy per level", drawMemories, {
      caption: [
        "What operators read and write at each level while they run, all instances together. ",
        "Energy is that of these accesses; levels without a stated energy count none. ",
        "Highlight an operator to see its own.",
      ],
    });
    made.node.append(folded("The same as a table", accessTable()));
    whenChosen(() => made.update());
  }
}
