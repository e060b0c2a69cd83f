// What the page of tests/unit/report/html_golden.hpp saves, and that everybody can read it.
checkPage(async () => {
  const { svgText, csvText, operators } = window.imbrexReport;
  const check = (truth, what) => truth || troubles.push(what);
  const equal = (found, wanted, what) => check(found === wanted, `${what}: ${found}, not ${wanted}`);
  const all = (query) => [...document.querySelectorAll(query)];
  const drawn = () => new Promise((done) => setTimeout(done, 10));

  // What is saved is whole and in the colours of paper; names are quoted.
  const saved = [];
  URL.createObjectURL = (blob) => {
    saved.push(blob.text());
    return "#";
  };
  HTMLAnchorElement.prototype.click = function click() {
    saved.push(this.download);
  };
  all("button")
    .filter((one) => one.textContent.startsWith("save as"))
    .forEach((one) => one.click());
  check(saved.length >= 26 && saved.length % 2 === 0, `saved: ${saved.length}`);
  for (let i = 0; i < saved.length; i += 2) {
    const content = await saved[i];
    check(/^golden-[\w.-]+\.(svg|csv)$/.test(saved[i + 1]), `saved as ${saved[i + 1]}`);
    if (saved[i + 1].endsWith(".svg")) {
      const parsed = new DOMParser().parseFromString(content, "image/svg+xml").documentElement;
      equal(parsed.nodeName, "svg", "a saved figure does not parse");
      check(!/var\(| class="|NaN|Infinity|undefined/.test(content), `${saved[i + 1]} is not whole`);
    }
  }
  const operatorsCsv =
    await saved[2 * saved.filter((_, i) => i % 2 === 1).findIndex((name) => name.endsWith("operators.csv"))];
  check(operatorsCsv.startsWith("operator,kind,units,"), `operators.csv: ${operatorsCsv.slice(0, 60)}`);
  equal(operatorsCsv.split("\n").length, 5, "lines of operators.csv");
  check(operatorsCsv.includes('""quoted""'), "quotes in operators.csv");
  equal(csvText([["a,b", 'c"d', null, 1.5]]), '"a,b","c""d",,1.5\n', "csv");
  check(
    svgText(document.querySelector("#gantt svg")).includes("rgb(0, 114, 178)"),
    "the colour of the first operator",
  );

  all("details").forEach((one) => {
    one.open = true;
  });
  await drawn();

  // Both themes and narrow windows.
  for (let i = 0; i < 3; ++i) {
    document.getElementById("theme").click();
    equal(document.documentElement.dataset.theme, ["light", "dark", "system"][i], "theme");
  }
  const papers = ["light", "dark"].map((theme) => {
    document.documentElement.dataset.theme = theme;
    return getComputedStyle(document.body).backgroundColor;
  });
  check(papers[0] !== papers[1], "dark is light");
  delete document.documentElement.dataset.theme;
  check(
    all("svg").every((image) => !/NaN|Infinity|undefined/.test(image.outerHTML)),
    "a figure holds NaN",
  );
  check(document.documentElement.scrollWidth <= innerWidth, "the page is wider than the window");

  // For who cannot see the figures: names of all of them, heads in all tables, a name at every button.
  check(
    all("svg[role=img]").every((image) => image.getAttribute("aria-label")),
    "a figure without a name",
  );
  check(
    all("table").every((table) => table.querySelectorAll("thead th[scope=col]").length > 0),
    "a table without heads",
  );
  check(
    all("button").every((one) => (one.getAttribute("aria-label") || one.textContent).trim()),
    "a button without a name",
  );
  equal(operators.length, 3, "operators");
});
