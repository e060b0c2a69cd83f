// Tables that sort by their heads and save themselves.

// -1, 0 or 1; what is not there comes last, whichever way.
function compared(a, b, sign) {
  const [noA, noB] = [a === null || a === undefined || a === "", b === null || b === undefined || b === ""];
  return noA || noB ? noA - noB : a < b ? -sign : a > b ? sign : 0;
}

function sortedRows(rows, column, descending) {
  if (column === null) {
    return rows;
  }
  const sign = descending ? -1 : 1;
  return rows
    .map((row, i) => [row, i])
    .sort(([a, i], [b, j]) => compared(column.of(a), column.of(b), sign) || i - j)
    .map(([row]) => row);
}

// Cells say their unit themselves; files say it in their heads.
const titleOf = (column) =>
  column.number && column.text ? column.name.replace(/_(ps|pj|bits|bytes)$/, "").replaceAll("_", " ") : column.name;

const kRowsAtOnce = 400;

// `columns`: {name, of: row -> value, text: value -> text, number: bool}; `operatorOf`: row -> index or -1.
function sortableTable(id, title, rows, columns, operatorOf = () => -1) {
  const order = { column: null, descending: false, shown: kRowsAtOnce };
  const table = element("table", { id: `${id}-table` });
  const headOf = (column) => {
    const sort = order.column !== column ? "none" : order.descending ? "descending" : "ascending";
    const mark = { none: "", ascending: " ▲", descending: " ▼" }[sort];
    const head = element("button", { type: "button" }, titleOf(column) + mark);
    head.addEventListener("click", () => {
      order.descending = order.column === column && !order.descending;
      order.column = column;
      update();
      table.querySelectorAll("thead button")[columns.indexOf(column)].focus();
    });
    return element("th", { scope: "col", "aria-sort": sort, class: column.number ? "number" : null }, head);
  };
  const moreRows = () =>
    rows.length <= order.shown
      ? []
      : element(
          "tr",
          {},
          element(
            "td",
            { colspan: columns.length },
            button(`show the other ${grouped(rows.length - order.shown)} rows`, null, () => {
              order.shown = rows.length;
              update();
            }),
          ),
        );
  const update = () => {
    table.replaceChildren(
      element("thead", {}, element("tr", {}, columns.map(headOf))),
      element(
        "tbody",
        {},
        sortedRows(rows, order.column, order.descending)
          .slice(0, order.shown)
          .map((row) => rowOf(row, columns, operatorOf)),
        moreRows(),
      ),
    );
    markChosen(table);
  };
  return {
    id,
    title,
    table,
    show: update,
    csv: () =>
      csvText([
        columns.map((column) => column.name),
        ...sortedRows(rows, order.column, order.descending).map((row) => columns.map((column) => column.of(row))),
      ]),
  };
}

function rowOf(row, columns, operatorOf) {
  const operator = operatorOf(row);
  const cells = columns.map((column, i) => {
    const value = column.of(row);
    const content = value === null || value === undefined ? "" : column.text ? column.text(value) : String(value);
    if (i === 0 && operator >= 0) {
      return element(
        "th",
        { scope: "row" },
        element(
          "button",
          { type: "button", class: "plain", "aria-label": `Highlight ${content}`, onclick: () => choose(operator) },
          element("span", { class: `key ${colourClass(operator)}`, "aria-hidden": "true" }),
          content,
        ),
      );
    }
    return element(
      i === 0 ? "th" : "td",
      { scope: i === 0 ? "row" : null, class: column.number ? "number" : content.length > 40 ? "long" : null },
      content,
    );
  });
  return element("tr", operator >= 0 ? { "data-operator": operator } : {}, cells);
}
