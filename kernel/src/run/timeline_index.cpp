#include "run/timeline_index.hpp"

#include "run/even_steps.hpp"

#include <imbrex/plugin/error.hpp>

#include <algorithm>
#include <limits>
#include <numeric>
#include <string>

namespace imbrex::run {
namespace {

void require_numbers(const JobList& jobs) {
  if (jobs.size() > std::numeric_limits<std::uint32_t>::max()) {
    throw InputError("the timeline has " + std::to_string(jobs.size()) +
                     " jobs; what bounds the makespan is looked for among 2^32 - 1 at most; choose "
                     "a coarser granularity or larger tiles");
  }
}

}  // namespace

TimelineIndex::TimelineIndex(const WorkGraph& graph, const Timeline& timeline)
    : graph_(graph), timeline_(timeline), grids_(graph.workload().operators().size()) {
  require_numbers(timeline.jobs);
  const std::size_t operators = graph.workload().operators().size();
  first_.reserve(operators + 1);
  std::size_t position = 0;
  for (std::size_t op = 0; op < operators; ++op) {
    first_.push_back(static_cast<std::uint32_t>(position));
    position += static_cast<std::size_t>(JobRuns(timeline.jobs.runs_of(operator_id(op))).count());
  }
  first_.push_back(static_cast<std::uint32_t>(position));
  IMBREX_ASSERT(position == timeline.jobs.size());  // jobs are ordered by operator
}

TimedJob TimelineIndex::at(std::uint32_t job) const noexcept {
  const JobList& jobs = timeline_.jobs;
  if (job >= jobs.begin_of(run_ + 1) && run_ + 1 < jobs.runs().size()) {
    ++run_;
  }
  if (job < jobs.begin_of(run_) || job >= jobs.begin_of(run_ + 1)) {
    run_ = jobs.run_of(job);
  }
  return jobs.runs()[run_][static_cast<std::int64_t>(job - jobs.begin_of(run_))];
}

Job TimelineIndex::job(std::uint32_t job) const noexcept {
  const TimedJob timed = at(job);
  return graph_.order(timed.id).job(timed.step, timed.server);
}

Region TimelineIndex::output_region(std::uint32_t job) const noexcept {
  return graph_.workload().output_region(at(job).id, box(job));
}

std::vector<std::uint32_t> TimelineIndex::writers(OperatorId op) const {
  std::vector<std::uint32_t> jobs;
  if (!runs_evenly(graph_, op, JobRuns(timeline_.jobs.runs_of(op)))) {
    jobs.resize(last(op) - first(op));
    std::iota(jobs.begin(), jobs.end(), first(op));
    return jobs;
  }
  const auto steps = static_cast<std::uint32_t>(graph_.order(op).step_count(0));
  for (const std::int64_t server : servers_that_differ_in_output(graph_, op)) {
    const std::uint32_t begin = first(op) + static_cast<std::uint32_t>(server) * steps;
    for (std::uint32_t step = 0; step < steps; ++step) {
      jobs.push_back(begin + step);
    }
  }
  return jobs;
}

void TimelineIndex::build(OperatorId op, Grid& grid) const {
  grid.jobs = writers(op);
  for (const std::uint32_t job : grid.jobs) {
    grid.cells.cut(output_region(job));
  }
  grid.cells.finish();
  grid.begin.assign(grid.cells.size() + 1, 0);
  const auto for_each_cell = [&](std::uint32_t job, auto visit) {
    grid.cells.for_each(grid.cells.cells_of(output_region(job)),
                        [&](std::size_t cell, const auto&) { visit(cell); });
  };
  for (const std::uint32_t job : grid.jobs) {
    for_each_cell(job, [&](std::size_t cell) { ++grid.begin[cell + 1]; });
  }
  std::partial_sum(grid.begin.begin(), grid.begin.end(), grid.begin.begin());
  grid.places.resize(grid.begin.back());
  std::vector<std::uint32_t> fill(grid.begin.begin(), grid.begin.end() - 1);
  for (std::uint32_t place = 0; place < grid.jobs.size(); ++place) {
    for_each_cell(grid.jobs[place], [&](std::size_t cell) { grid.places[fill[cell]++] = place; });
  }
  grid.seen.assign(grid.jobs.size(), 0);
  grid.built = true;
}

void TimelineIndex::find(OperatorId producer, const Region& region,
                         std::vector<std::uint32_t>& out) {
  out.clear();
  if (region.empty() || first(producer) == last(producer)) {
    return;
  }
  Grid& grid = grids_[producer];
  if (!grid.built) {
    build(producer, grid);
  }
  ++query_;
  grid.cells.for_each(grid.cells.cells_of(region), [&](std::size_t cell, const auto&) {
    for (std::uint32_t i = grid.begin[cell]; i < grid.begin[cell + 1]; ++i) {
      const std::uint32_t place = grid.places[i];
      if (grid.seen[place] != query_) {
        grid.seen[place] = query_;
        out.push_back(grid.jobs[place]);
      }
    }
  });
}

}  // namespace imbrex::run
