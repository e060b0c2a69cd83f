// The tables of the experiment as they are printed, and the table of all points.

const isNumber = (column, labels) => column >= labels;

function experimentTable(table) {
  const cells = (row, name) => row.map((content, column) =>
    element(name, { class: isNumber(column, table.labels) ? "number" : null, scope: name === "th" ? "col" : null }, content));
  return element("div", {}, table.title ? element("h3", {}, table.title) : null,
    element("div", { class: "scroll", role: "region", "aria-label": table.title || "Table", tabindex: 0 },
      element("table", {}, element("thead", {}, element("tr", {}, cells(table.header, "th"))),
        element("tbody", {}, table.rows.map((row) => element("tr", {}, cells(row, "td")))))));
}

const kRowsAtOnce = 1000;
const order = { column: -1, descending: false };   // -1: as in the experiment

function pointColumns(metrics) {
  return [
    { name: "point", of: (point) => point.index + 1, text: (point) =>
      (point.file ? element("a", { href: point.file }, String(point.index + 1)) : String(point.index + 1)) },
    // Levels in the order of the experiment, which is what "16, 32, 128" wants.
    ...axes.map((axis, index) => ({ name: axis.name, of: (point) => point.levels[index],
      text: (point) => levelOf(point, index) })),
    { name: "state", of: (point) => point.state, text: (point) => point.state },
    ...(onOwnFront.size > 0 ? [{ name: "front", of: (point) => onOwnFront.has(point.index),
      text: (point) => (onOwnFront.has(point.index) ? "yes" : "") }] : []),
    ...metrics.map((quantity) => ({ name: titleOf(quantity, quantity.unit), number: true,
      of: (point) => valueOf(point, quantity), text: (point) => exactText(valueOf(point, quantity)) })),
    ...(points.some((point) => point.message) ? [{ name: "reason", reason: true, of: (point) => point.message,
      text: (point) => point.message }] : []),
  ];
}

// Points without a value come last, whichever way.
function sortedPoints(columns) {
  const selected = selectedPoints();
  if (order.column < 0) {
    return selected;
  }
  const { of } = columns[order.column];
  const sign = order.descending ? -1 : 1;
  return selected.sort((a, b) => {
    const [x, y] = [of(a), of(b)];
    return x === null || y === null ? (x === null) - (y === null) || a.index - b.index
      : (x < y ? -sign : x > y ? sign : 0) || a.index - b.index;
  });
}

function updatePoints(table, columns) {
  const head = columns.map((column, index) => {
    const sort = order.column !== index ? "none" : order.descending ? "descending" : "ascending";
    const mark = { none: "", ascending: " ▲", descending: " ▼" }[sort];
    const button = element("button", { type: "button" }, column.name + mark);
    button.addEventListener("click", () => {
      order.descending = order.column === index && !order.descending;
      order.column = index;
      updatePoints(table, columns);
      table.querySelectorAll("thead button")[index].focus();
    });
    return element("th", { scope: "col", "aria-sort": sort, class: column.number ? "number" : null }, button);
  });
  const sorted = sortedPoints(columns);
  const rows = sorted.slice(0, kRowsAtOnce).map((point) => element("tr", {}, columns.map((column) =>
    element("td", { class: column.number ? "number" : column.reason ? "reason" : null }, column.text(point)))));
  const left = sorted.length - rows.length;
  table.replaceChildren(element("thead", {}, element("tr", {}, head)), element("tbody", {}, rows,
    left <= 0 ? [] : element("tr", {}, element("td", { colspan: columns.length },
      `${left} more points: filter to see them; all are in points.csv.`))));
}
