// The experiment as the program wrote it, and what of it the filters let through.

const data = JSON.parse(document.getElementById("data").textContent);
const axes = data.axes;
const quantities = new Map(data.quantities.map((quantity) => [quantity.name, quantity]));

const points = data.points.run.map((run, index) => ({
  index,
  run,
  levels: axes.map((_, axis) => data.points.levels[axis][index]),
  state: data.runs.state[run],
  message: data.runs.message[run],
  // A point that has not run has no file.
  file: data.runs.state[run] === "not run" ? null : `points/${data.runs.digest[run]}.json`,
}));

// What nobody beats in all the metrics of the experiment's first front, which may be more than a figure shows.
const ownFront = data.fronts.length > 0 ? data.fronts[0] : { metrics: [], points: [] };
const onOwnFront = new Set(ownFront.points);

// By axis, whether each level is shown.
const shown = axes.map((axis) => axis.levels.map(() => true));

const isShown = (point) => point.levels.every((level, axis) => shown[axis][level]);
const selectedPoints = () => points.filter(isShown);
const valueOf = (point, quantity) => quantity.values[point.run];
const levelOf = (point, axis) => axes[axis].levels[point.levels[axis]];
const describe = (point) =>
  axes.map((axis, index) => `${axis.name}=${levelOf(point, index)}`).join(", ") || "the only point";

// Of positive numbers; null of none.
function geometricMean(values) {
  const positive = values.filter((value) => value !== null && value > 0);
  return positive.length === 0 ? null
    : Math.exp(positive.reduce((sum, value) => sum + Math.log(value), 0) / positive.length);
}

// Axes that change together with this one, which is among them.
function companions(axis) {
  return data.zips.find((zip) => zip.includes(axis)) || [axis];
}

// By all levels but those of an axis: which points differ in nothing else.
function withoutAxis(point, axis) {
  const left = companions(axis);
  return point.levels.map((level, index) => (left.includes(index) ? "" : level)).join(",");
}

// How many times better than the baseline: in the direction in which the quantity is better, or just over it
// where nobody knows that direction.
function ratioTo(baseline, value, quantity) {
  if (baseline === null || value === null || !(baseline > 0) || !(value > 0)) {
    return null;
  }
  return quantity.better < 0 ? baseline / value : value / baseline;
}

const kPrefixes = {
  ps: [["ps", 1], ["ns", 1e3], ["µs", 1e6], ["ms", 1e9], ["s", 1e12]],
  pJ: [["pJ", 1], ["nJ", 1e3], ["µJ", 1e6], ["mJ", 1e9], ["J", 1e12]],
  bit: [["bit", 1], ["kbit", 1e3], ["Mbit", 1e6], ["Gbit", 1e9]],
  byte: [["byte", 1], ["kB", 1e3], ["MB", 1e6], ["GB", 1e9]],
};

// The unit in which the largest of the numbers is easy to read, and how many of the quantity's own it is.
function readableUnit(quantity, values) {
  const largest = Math.max(0, ...values.map(Math.abs));
  const steps = kPrefixes[quantity.unit] || [[quantity.unit, 1]];
  return [...steps].reverse().find(([, size]) => largest >= size) || steps[0];
}

const titleOf = (quantity, unit) => quantity.name + (unit ? ` (${unit})` : "");
const betterText = (better) =>
  better < 0 ? "smaller is better" : better > 0 ? "larger is better" : "direction of better unknown";

// As people write it: few digits, no trailing zeros.
function numberText(value, digits = 4) {
  if (value === null) {
    return "-";
  }
  const rounded = Number(value.toPrecision(digits));
  const size = Math.abs(rounded);
  return size !== 0 && (size >= 1e7 || size < 1e-3) ? rounded.toExponential().replace("e+", "e") : String(rounded);
}

// Integers as they are, like the program's own tables.
const exactText = (value) => (Number.isInteger(value) ? String(value) : numberText(value, 6));
