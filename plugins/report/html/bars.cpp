#include "bars.hpp"

#include <algorithm>

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

// Adds a bar behind those of its lane, or to the last of them.
void append(std::vector<Bar>& bars, const Bar& bar, std::int64_t gap_ps) {
  if (!bars.empty()) {
    Bar& last = bars.back();
    if (last.lane == bar.lane && last.count == 1 && bar.count == 1 &&
        bar.start_ps - last.end_ps() <= gap_ps) {
      last.length_ps = std::max(last.end_ps(), bar.end_ps()) - last.start_ps;
      last.jobs += bar.jobs;
      last.busy_ps += bar.busy_ps;
      return;
    }
  }
  bars.push_back(bar);
}

// Servers that share a lane interleave: rectangles of each, sorted by start. A run that kept its
// pauses on its own server is taken apart, or as a whole where its pauses are others' work.
std::vector<Bar> put_together(std::vector<Bar> bars, std::int64_t gap_ps) {
  std::stable_sort(bars.begin(), bars.end(), [](const Bar& a, const Bar& b) {
    return a.lane != b.lane ? a.lane < b.lane : a.start_ps < b.start_ps;
  });
  std::vector<Bar> out;
  for (Bar bar : bars) {
    if (bar.count > 1) {
      bar.length_ps += (bar.count - 1) * bar.period_ps;
      bar.jobs *= bar.count;
      bar.busy_ps *= bar.count;
      bar.count = 1;
      bar.period_ps = 0;
    }
    append(out, bar, gap_ps);
  }
  return out;
}

std::int64_t rectangles(const JobList& jobs, const Merging& merging, std::int64_t most) {
  std::int64_t total = 0;
  const std::span<const JobRun> runs = jobs.runs();
  for (std::size_t begin = 0; begin < runs.size() && total <= most;) {
    std::size_t end = begin;
    while (end < runs.size() && runs[end].first.id == runs[begin].first.id) {
      ++end;
    }
    for (const Bar& bar : bars_of(runs.subspan(begin, end - begin), merging)) {
      total += bar.count;
    }
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
  return merging.servers > 1 ? put_together(std::move(bars), merging.gap_ps) : bars;
}

Merging merging_for(const JobList& jobs, std::int64_t makespan_ps, std::int64_t most) {
  Merging merging;
  if (static_cast<std::int64_t>(jobs.size()) <= most) {
    return merging;
  }
  const auto fits = [&] { return rectangles(jobs, merging, most) <= most; };
  for (std::int64_t parts = kFinestParts; parts >= kVisibleParts; parts /= 2) {
    merging.gap_ps = makespan_ps / parts;
    if (fits()) {
      return merging;
    }
  }
  const std::int64_t servers = most_servers(jobs);
  while (merging.servers < servers) {
    merging.servers *= 2;
    if (fits()) {
      return merging;
    }
  }
  for (std::int64_t parts = kVisibleParts / 2; parts > 0; parts /= 2) {
    merging.gap_ps = makespan_ps / parts;
    if (fits()) {
      break;
    }
  }
  return merging;
}

}  // namespace imbrex::html
