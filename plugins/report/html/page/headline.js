// The answer: how long, how much better than the baseline, how far to trust it, and what bounds it.

function answers() {
  const latency = metrics.get("latency_ps");
  const items = [];
  const add = (value, name, note) => items.push({ value, name, note });
  if (latency) {
    add(
      timeText(latency.value),
      "latency",
      run.has_baseline && latency.baseline ? `baseline ${timeText(latency.baseline)}` : "",
    );
  }
  if (run.speedup > 0) {
    add(timesText(run.speedup), "speed-up", "over the baseline");
  }
  if (run.improvement > 0 && run.objective !== "latency") {
    add(timesText(run.improvement), `better in ${run.objective}`, "than the baseline");
  }
  for (const [name, title] of [
    ["throughput_per_s", "samples per second"],
    ["occupancy", "occupancy"],
    ["energy_pj", "energy"],
  ]) {
    const found = metrics.get(name);
    if (found) {
      const text = (value) => (name === "occupancy" ? percentText(value) : metricText(name, value));
      add(text(found.value), title, found.baseline === null ? "" : `baseline ${text(found.baseline)}`);
    }
  }
  add(
    run.exactness === "estimate" ? "estimates" : run.exactness,
    "times are",
    { conservative: "never too short", estimate: "too short or too long" }[run.exactness] || "",
  );
  return items;
}

// Time of the critical path by operator, longest first.
function criticalShares() {
  const times = new Map();
  criticalPath.forEach(({ operator, start, end }) => times.set(operator, (times.get(operator) || 0) + end - start));
  return [...times].filter(([operator]) => operator >= 0).sort((a, b) => b[1] - a[1] || a[0] - b[0]);
}

function boundSentence() {
  const shares = criticalShares();
  if (shares.length === 0) {
    return null;
  }
  const busy = shares.reduce((sum, [, time]) => sum + time, 0);
  const shown = shares
    .slice(0, 5)
    .map(([operator, time], i) => [
      i > 0 ? ", " : "",
      element(
        "button",
        { type: "button", class: "plain", "data-operator": operator, onclick: () => choose(operator) },
        operators[operator].name,
      ),
      ` ${percentText(time / makespan)}`,
    ]);
  const rest =
    makespan - busy > 0.0005 * makespan
      ? `; in the other ${percentText((makespan - busy) / makespan)} of the time none of its operators computes`
      : "";
  return element(
    "p",
    {},
    "On the critical path: ",
    shown,
    shares.length > 5 ? `, ${shares.length - 5} more operators` : "",
    `${rest}.`,
  );
}

// What segments do beside their work, when it takes any of the time.
function segmentsSentence() {
  const shares = kPhases.map(([name], phase) => ({ name, share: phaseTime(phase) / makespan }));
  const shown = shares.filter(({ name, share }) => name !== "work" && share >= 0.001);
  return shown.length === 0
    ? null
    : element(
        "p",
        {},
        `Before and behind the work of segments: ${shown.map(({ name, share }) => `${name} ${percentText(share)}`).join(", ")} of the time.`,
      );
}

const kExactness = {
  exact: "exact",
  conservative: "conservative, that is never too short",
  estimate: "estimates, that may be too short or too long",
};

function notes() {
  const out = [boundSentence(), segmentsSentence()];
  if (run.partial) {
    out.push(element("p", { class: "warning" }, "The run was interrupted: this is what its stages had reached."));
  }
  if (run.exactness_reasons.length > 0) {
    out.push(
      element("p", {}, `Times are ${kExactness[run.exactness]}, because of: ${run.exactness_reasons.join("; ")}.`),
    );
  }
  if (run.workload.unmapped > 0) {
    out.push(
      element(
        "p",
        { class: "warning" },
        `${plural(run.workload.unmapped, "operator")} of the network could not be mapped and are in no figure.`,
      ),
    );
  }
  return out.filter((node) => node !== null);
}

function headline() {
  document.title = `${run.name}: report`;
  document.getElementById("name").textContent = run.name;
  document.getElementById("about").textContent = `${run.workload.name}${
    data.architecture ? ` on ${data.architecture.name}` : ""
  }, objective ${run.objective}: ${plural(
    operators.length,
    "mapped operator",
  )}, ${quantityText(run.workload.macs, "MAC")}`;
  document
    .getElementById("answer")
    .append(
      ...answers().map(({ value, name, note }) =>
        element("li", {}, element("span", {}, name), element("b", {}, value), element("small", {}, note)),
      ),
    );
  document.getElementById("notes").append(...notes());
}
