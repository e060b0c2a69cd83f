// Numbers and reasons as people write them.

const kPrefixes = {
  ps: [
    ["ps", 1],
    ["ns", 1e3],
    ["µs", 1e6],
    ["ms", 1e9],
    ["s", 1e12],
  ],
  pJ: [
    ["pJ", 1],
    ["nJ", 1e3],
    ["µJ", 1e6],
    ["mJ", 1e9],
    ["J", 1e12],
  ],
  byte: [
    ["B", 1],
    ["kB", 1e3],
    ["MB", 1e6],
    ["GB", 1e9],
    ["TB", 1e12],
  ],
  MAC: [
    ["MAC", 1],
    ["kMAC", 1e3],
    ["MMAC", 1e6],
    ["GMAC", 1e9],
    ["TMAC", 1e12],
  ],
  bit: [
    ["bit", 1],
    ["kbit", 1e3],
    ["Mbit", 1e6],
    ["Gbit", 1e9],
    ["Tbit", 1e12],
  ],
};

// The unit in which a number is easy to read, and how many of the given unit it is.
function readableUnit(value, unit) {
  const steps = kPrefixes[unit] || [[unit, 1]];
  return [...steps].reverse().find(([, size]) => Math.abs(value) >= size) || steps[0];
}

// Few digits, no trailing zeros.
function numberText(value, digits = 4) {
  const rounded = Number(value.toPrecision(digits));
  const size = Math.abs(rounded);
  if (size !== 0 && (size >= 1e15 || size < 1e-3)) {
    return rounded.toExponential().replace("e+", "e");
  }
  return Number.isInteger(rounded) && size >= 1e5 ? grouped(rounded) : String(rounded);
}

// 1 234 567, with narrow spaces that do not break.
function grouped(integer) {
  return String(integer).replace(/\B(?=(\d{3})+$)/g, "\u202f");
}

function quantityText(value, unit, digits = 4) {
  const [name, size] = readableUnit(value, unit);
  return `${numberText(value / size, digits)} ${name}`;
}
const timeText = (ps) => quantityText(ps, "ps");
const exactTime = (ps) => `${timeText(ps)} (${grouped(ps)} ps)`;
const percentText = (share) => `${numberText(100 * share, 3)} %`;
const timesText = (factor) => `${factor.toFixed(factor < 100 ? 2 : 0)}×`;

const kMetricUnits = [
  ["_ps", "ps"],
  ["_pj", "pJ"],
  ["_bits", "bit"],
  ["_bytes", "byte"],
];
// By the unit that the name ends with; integers as they are.
function metricText(name, value) {
  const unit = kMetricUnits.find(([ending]) => name.endsWith(ending));
  if (unit) {
    return quantityText(value, unit[1]);
  }
  return Number.isInteger(value) ? grouped(value) : numberText(value);
}

const kWaits = [
  [1, "data of its sources"],
  [2, "its own server"],
  [4, "room for its output"],
  [8, "links"],
  [16, "its turn, delayed on purpose"],
];
function waitText(bits) {
  const names = kWaits.filter(([bit]) => bits & bit).map(([, name]) => name);
  return names.length > 0 ? names.join(" and ") : "nothing known";
}

const plural = (count, word) => `${grouped(count)} ${word}${count === 1 ? "" : "s"}`;
// With its end, which tells names apart that begin alike.
function shortName(name, most) {
  const end = Math.ceil(most * 0.6);
  return name.length <= most ? name : `${name.slice(0, Math.max(0, most - 1 - end))}…${name.slice(-end)}`;
}
const shortened = (content, most) => (content.length <= most ? content : `${content.slice(0, most - 1)}…`);

// Where lines of a scale stand: multiples of 1, 2 or 5 times a power of ten.
function ticksOf(low, high, count) {
  const raw = (high - low) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * [1, 2, 5, 10].find((factor) => factor * power >= raw * 0.999);
  const ticks = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high * (1 + 1e-12); ++i) {
    ticks.push(i * step);
  }
  return { ticks, step };
}

// Ticks of times with labels in one unit, with as many digits as tell them apart.
function timeTicks(low, high, count) {
  const { ticks, step } = ticksOf(low, high, count);
  const [unit, size] = readableUnit(high, "ps");
  const digits = Math.max(0, Math.ceil(-Math.log10(step / size) - 1e-9));
  return ticks.map((at) => ({ at, text: `${(at / size).toFixed(digits)} ${unit}` }));
}
