#include "bars.hpp"

#include <algorithm>
#include <iterator>
#include <numeric>

namespace imbrex::html {
namespace {

// Pauses shorter than this part of the makespan are narrower than a point on most screens.
constexpr std::int64_t kVisibleParts = 1024;
constexpr std::int64_t kFinestParts = 65536;

Bar single(const JobRun& run, std::int64_t servers) {
  Bar bar;
  bar.lane = run.first.server / servers;
  bar.step = run.first.step;
  bar.start_ps = run.first.start_ps;
  bar.length_ps = run.first.end_ps - run.first.start_ps;
  bar.period_ps = run.count > 1 ? run.period_ps : 0;
  bar.count = run.count;
  bar.waited_for = run.first.waited_for;
  bar.busy_ps = bar.length_ps;
  return bar;
}

// A run without pauses that anybody would see is one rectangle.
Bar closed(Bar bar, std::int64_t gap_ps) {
  if (bar.count > 1 && bar.period_ps - bar.length_ps <= gap_ps) {
    bar.busy_ps = bar.length_ps * bar.count;
    bar.jobs = bar.count;
    bar.length_ps += (bar.count - 1) * bar.period_ps;
    bar.period_ps = 0;
    bar.count = 1;
  }
  return bar;
}

// Takes the first rectangles of a run off it, or all but them: `count` of them from `begin` on.
Bar part_of(Bar bar, std::int64_t begin, std::int64_t count) {
  bar.step += begin;
  bar.start_ps += begin * bar.period_ps;
  bar.count = count;
  bar.period_ps = count > 1 ? bar.period_ps : 0;
  return bar;
}

void fill_up(Bar& last, const Bar& bar) {
  last.length_ps = std::max(last.end_ps(), bar.end_ps()) - last.start_ps;
  last.jobs += bar.jobs;
  last.busy_ps += bar.busy_ps;
}

// Adds a bar behind those of its lane, or to the last of them. Where runs with pauses meet, only
// the last rectangle of one and the first of the other become one.
void append(std::vector<Bar>& bars, const Bar& bar, std::int64_t gap_ps) {
  if (bars.empty() || bars.back().lane != bar.lane ||
      bar.start_ps - bars.back().end_ps() > gap_ps) {
    bars.push_back(bar);
    return;
  }
  if (const Bar last = bars.back(); last.count > 1) {
    bars.back() = part_of(last, 0, last.count - 1);
    bars.push_back(part_of(last, last.count - 1, 1));
  }
  fill_up(bars.back(), part_of(bar, 0, 1));
  if (bar.count > 1) {
    bars.push_back(part_of(bar, 1, bar.count - 1));
  }
}

// Servers that share a lane interleave: all rectangles by start. No more are taken apart than have
// pauses that are seen.
std::vector<Bar> put_together(const std::vector<Bar>& bars, std::int64_t gap_ps) {
  std::vector<Bar> single;
  for (const Bar& bar : bars) {
    for (std::int64_t i = 0; i < bar.count; ++i) {
      single.push_back(part_of(bar, i, 1));
    }
  }
  std::stable_sort(single.begin(), single.end(), [](const Bar& a, const Bar& b) {
    return a.lane != b.lane ? a.lane < b.lane : a.start_ps < b.start_ps;
  });
  std::vector<Bar> out;
  for (const Bar& bar : single) {
    append(out, bar, gap_ps);
  }
  return out;
}

// Bars of all operators, or some number above `most`.
std::int64_t bar_count(const JobList& jobs, const Merging& merging, std::int64_t most) {
  std::int64_t total = 0;
  const std::span<const JobRun> runs = jobs.runs();
  for (std::size_t begin = 0; begin < runs.size() && total <= most;) {
    std::size_t end = begin;
    while (end < runs.size() && runs[end].first.id == runs[begin].first.id) {
      ++end;
    }
    total += std::ssize(bars_of(runs.subspan(begin, end - begin), merging));
    begin = end;
  }
  return total;
}

std::int64_t most_servers(const JobList& jobs) {
  std::int64_t most = 1;
  for (const JobRun& run : jobs.runs()) {
    most = std::max<std::int64_t>(most, run.first.server + std::int64_t{1});
  }
  return most;
}

}  // namespace

std::vector<Bar> bars_of(std::span<const JobRun> runs, const Merging& merging) {
  std::vector<Bar> bars;
  for (const JobRun& run : runs) {
    const Bar bar = single(run, merging.servers);
    if (merging.exact()) {
      bars.push_back(bar);
    } else if (merging.servers == 1) {
      append(bars, closed(bar, merging.gap_ps), merging.gap_ps);
    } else {
      bars.push_back(closed(bar, merging.gap_ps));
    }
  }
  return merging.servers > 1 ? put_together(bars, merging.gap_ps) : bars;
}

Merging merging_for(const JobList& jobs, std::int64_t makespan_ps, std::int64_t most) {
  Merging merging;
  if (std::ssize(jobs.runs()) <= most) {
    return merging;
  }
  const auto fits = [&](std::int64_t parts) {
    merging.gap_ps = makespan_ps / parts;
    return bar_count(jobs, merging, most) <= most;
  };
  const std::int64_t servers = most_servers(jobs);
  while (!fits(kVisibleParts) && merging.servers < servers) {
    merging.servers *= 2;
  }
  // Longer pauses leave fewer bars: the most parts that still fit.
  std::int64_t good = fits(kVisibleParts) ? kVisibleParts : 1;
  std::int64_t bad = (merging.servers > 1 || good == 1 ? kVisibleParts : kFinestParts) + 1;
  while (good + 1 < bad) {
    const std::int64_t middle = std::midpoint(good, bad);
    (fits(middle) ? good : bad) = middle;
  }
  merging.gap_ps = makespan_ps / good;
  return merging;
}

}  // namespace imbrex::html
