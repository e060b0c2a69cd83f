// The loop nest of one operator: levels inside one another, their loops, and what each memory holds.

const kDimensions = {
  N: "samples",
  G: "groups",
  K: "output channels",
  C: "input channels",
  P: "output rows",
  Q: "output columns",
  R: "kernel rows",
  S: "kernel columns",
};

// "GLOBAL BUFFER temporal K 4"; names of levels may have spaces.
function parsedLoop(loop) {
  const found = /^(.*) (temporal|spatial) (\S+) (\d+)$/.exec(loop);
  return found
    ? { level: found[1], spatial: found[2] === "spatial", dimension: found[3], bound: Number(found[4]) }
    : { level: "", spatial: false, dimension: loop, bound: 1 };
}

// Outermost first: {name, loops, holds}. Levels without loops stand where their memory is.
function levelsOf(operator) {
  const levels = [];
  for (const loop of operator.loops.map(parsedLoop)) {
    const last = levels[levels.length - 1];
    if (last && last.name === loop.level) {
      last.loops.push(loop);
    } else {
      levels.push({ name: loop.level, loops: [loop], holds: [] });
    }
  }
  const accesses = operator.accesses || [];
  const memories = [...new Set(accesses.map(([level]) => level))];
  memories.forEach((name, i) => {
    if (!levels.some((level) => level.name === name)) {
      const next = levels.findIndex((level) => memories.indexOf(level.name) > i);
      levels.splice(next < 0 ? levels.length : next, 0, { name, loops: [], holds: [] });
    }
    levels.find((level) => level.name === name).holds = accesses.filter(([level]) => level === name);
  });
  return levels;
}

function heldText([, tensor, bits, tile]) {
  return `${tensor} ${quantityText((tile * bits) / 8, "byte", 3)}`;
}

function loopText({ spatial, dimension, bound }) {
  const what = kDimensions[dimension];
  return `${spatial ? "parallel for" : "for"} ${dimension} in ${grouped(bound)}${what ? `   (${what})` : ""}`;
}

// Boxes from the outside in; each is as tall as what is in it.
function drawLoopNest(width) {
  const operator = operators[loopNestOperator()];
  const levels = levelsOf(operator);
  const [line, indent] = [20, Math.min(16, width / (4 * levels.length + 4))];
  const rows = levels.map((level) => 1 + (width < 560 && level.holds.length > 0 ? 1 : 0) + level.loops.length);
  const height = rows.reduce((sum, count) => sum + count * line + 14, 0) + 16;
  let y = 8;
  const boxes = levels.map((level, depth) => {
    const [x, top, right] = [8 + depth * indent, y, width - 8 - depth * indent];
    y += rows[depth] * line + 8;
    return nestBox(level, depth, { x, top, right, bottom: height - 8 - depth * 6 }, width < 560, line);
  });
  return picture(
    width,
    height,
    `Loop nest of ${operator.name}: ${plural(levels.length, "level")}, ${plural(operator.loops.length, "loop")}`,
    boxes,
  );
}

function nestBox(level, depth, { x, top, right, bottom }, narrow, line) {
  const holds = level.holds.length > 0 ? `holds ${level.holds.map(heldText).join(", ")}` : "";
  const first = top + 15 + (narrow && holds ? line : 0);
  return [
    svg("rect", {
      class: depth % 2 === 0 ? "level even" : "level",
      x,
      y: top,
      width: right - x,
      height: bottom - top,
      rx: 4,
    }),
    words(x + 8, top + 15, /^\d+$/.test(level.name) ? `level ${level.name}` : level.name || "loops", {
      class: "strong",
    }),
    !holds
      ? null
      : narrow
        ? words(x + 8, top + 15 + line, shortened(holds, Math.floor((right - x) / 6.5)), { class: "soft" })
        : words(right - 8, top + 15, holds, { class: "soft", "text-anchor": "end" }),
    level.loops.map((loop, i) => {
      const y = first + (i + 1) * line;
      return [
        svg("rect", { class: loop.spatial ? "c1" : "c0", x: x + 8, y: y - 10, width: 4, height: 12 }),
        words(x + 18, y, loopText(loop)),
      ];
    }),
  ];
}

const nested = operators
  .map((operator, i) => i)
  .filter((i) => operators[i].loops.length > 0 || (operators[i].accesses || []).length > 0);
let nestShown = nested.length > 0 ? nested[0] : -1;
const loopNestOperator = () => (chosen >= 0 && nested.includes(chosen) ? chosen : nestShown);

// Which parts of the nest somebody chose, in words.
function nestNotes() {
  const operator = operators[loopNestOperator()];
  return [
    operator.chosen ? "A stage chose this nest. " : "What the hardware does by itself: no stage chose a nest. ",
    operator.dealt_anew ? "A stage dealt its jobs anew, in another order than the nest says. " : "",
    operator.outer.length > 0 ? `The outermost ${operator.outer[0]} loops are the jobs. ` : "",
    operator.bound_by ? `Alone it is bound by ${operator.bound_by}. ` : "",
    operator.placement.length > 0 ? `Placement: ${operator.placement.join(", ")}. ` : "",
    "Blue loops run one after another, orange ones side by side.",
  ];
}

function startLoopNest() {
  if (nested.length === 0) {
    return;
  }
  const list = element(
    "select",
    { "aria-label": "Operator whose loop nest is drawn" },
    nested.map((i) => element("option", { value: i }, operators[i].name)),
  );
  const made = figure("loop-nest", "Loop nest", drawLoopNest, { controls: [list] });
  const update = () => {
    list.value = String(loopNestOperator());
    made.update();
    made.node.querySelector(".caption").replaceChildren(...nestNotes());
  };
  list.addEventListener("change", () => {
    nestShown = Number(list.value);
    if (chosen >= 0 && chosen !== nestShown) {
      choose(nestShown);
    }
    update();
  });
  whenChosen(update);
  update();
}
