// What the page's scripts do fast, against the obvious way, on bars of any kind.
checkPage(() => {
  const { operatorPath, addBarTime, kBins } = window.imbrexReport;
  const check = (truth, what) => truth || troubles.push(what);
  let state = 11;
  const random = (most) => {
    state = (state * 48271) % 2147483647;
    return state % most;
  };
  const randomBars = () => {
    const of = { lane: [], step: [], start: [], length: [], period: [], count: [], wait: [] };
    for (let lane = 0, lanes = 1 + random(3); lane < lanes; ++lane) {
      for (let time = random(2000), n = 1 + random(8); n > 0; --n) {
        const [length, pause, count] = [
          1 + random(random(2) ? 20 : 3000),
          random(random(2) ? 20 : 2000),
          1 + random(random(2) ? 3 : 200),
        ];
        Object.entries({
          lane,
          step: 0,
          start: time,
          length,
          period: count > 1 ? length + pause : 0,
          count,
          wait: 0,
        }).forEach(([name, value]) => of[name].push(value));
        time += (count - 1) * (length + pause) + length + random(3000);
      }
    }
    of.size = of.lane.length;
    return of;
  };
  const single = (of) =>
    [...of.start].flatMap((start, i) =>
      Array.from({ length: of.count[i] }, (_, k) => ({
        lane: of.lane[i],
        start: start + k * of.period[i],
        end: start + k * of.period[i] + of.length[i],
      })),
    );
  let closed = 0;
  for (let round = 0; round < 300; ++round) {
    const of = randomBars();
    const jobs = single(of);
    const end = Math.max(...jobs.map((job) => job.end));
    const from = random(2) ? 0 : random(Math.ceil(end / 2));
    const view = { from, to: from + 1 + random(end), left: 100, width: 500 };
    const lanes = of.lane[of.size - 1] + 1;
    const slow = [];
    for (const job of jobs.filter((one) => one.start <= view.to && one.end >= view.from)) {
      const [x, right] = [job.start, job.end].map(
        (time) =>
          view.left +
          ((Math.min(view.to, Math.max(view.from, time)) - view.from) / (view.to - view.from)) * view.width,
      );
      const last = slow[slow.length - 1];
      if (last && last.lane === job.lane && x - last.right < 0.5) {
        last.right = Math.max(last.right, x + 0.5, right);
        ++closed;
      } else {
        slow.push({ lane: job.lane, x, right: Math.max(right, x + 0.5) });
      }
    }
    const found = [
      ...operatorPath(of, view, { top: 0, height: 10 * lanes }, []).matchAll(/M([\d.]+) ([\d.]+)H([\d.]+)v/g),
    ].map((part) => part.slice(1).map(Number));
    check(
      found.length === slow.length &&
        slow.every(
          ({ lane, x, right }, i) =>
            Math.abs(found[i][0] - x) < 0.02 && Math.abs(found[i][2] - right) < 0.02 && found[i][1] === 10 * lane,
        ),
      `path of round ${round}: ${found.length}, not ${slow.length}`,
    );
    const sums = [new Float64Array(kBins), new Float64Array(kBins)];
    const size = end / kBins;
    [...of.start].forEach((_, i) => addBarTime(sums[0], size, of, i, 2));
    jobs.forEach((job) =>
      addBarTime(sums[1], size, { start: [job.start], length: [job.end - job.start], period: [0], count: [1] }, 0, 2),
    );
    const total = (bins) => bins.reduce((sum, value) => sum + value, 0);
    check(Math.abs(total(sums[0]) - total(sums[1])) < 1e-6 * total(sums[1]), `units of round ${round}`);
    check(
      sums[0].every((value, bin) => Math.abs(value - sums[1][bin]) <= 4 * lanes),
      `units of bins of round ${round}`,
    );
  }
  check(closed > 10000, `only ${closed} pauses were closed`);
});
