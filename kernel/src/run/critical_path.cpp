#include "run/critical_path.hpp"

#include "run/job_bounds.hpp"

#include <algorithm>
#include <set>

namespace imbrex::run {
namespace {

// What bounded the start of a piece's first job, beside the operator that the path goes on with.
void set_bounds(CriticalStep& step, const JobBounds& bounds, const Timeline& timeline) {
  step.waited_for = bounds.waited_for;
  if (bounds.jobs.empty()) {
    return;
  }
  step.cause = timeline.jobs[bounds.jobs.front()].id;
  std::set<OperatorId> others;
  for (const std::uint32_t job : bounds.jobs) {
    others.insert(timeline.jobs[job].id);
  }
  others.erase(step.cause);
  others.erase(step.op);
  step.ties.assign(others.begin(), others.end());
}

}  // namespace

std::vector<CriticalStep> critical_path(const WorkGraph& graph, const Timeline& timeline) {
  std::vector<CriticalStep> path;  // latest first until the end
  if (timeline.jobs.empty()) {
    return path;
  }
  BoundFinder finder(graph, timeline);
  JobBounds bounds = finder.of_makespan();
  // No chain is longer than all jobs, unless an estimate starts jobs before what they read.
  for (std::size_t i = 0; i < timeline.jobs.size() && !bounds.jobs.empty(); ++i) {
    const std::uint32_t latest = bounds.jobs.front();
    const std::uint32_t number = finder.first_in_turn(latest);
    const TimedJob job = timeline.jobs[number];
    bounds = finder.of_start(number);
    if (path.empty() || path.back().op != job.id) {
      const std::int64_t end_ps = timeline.jobs[latest].end_ps;
      path.push_back({job.id, OperatorId::none, job.start_ps, end_ps, 0, Wait::nothing, {}});
    }
    // Jobs of one operator in a row are one piece.
    CriticalStep& step = path.back();
    step.start_ps = job.start_ps;
    step.jobs += latest - number + 1;
    if (bounds.jobs.empty() || timeline.jobs[bounds.jobs.front()].id != job.id) {
      set_bounds(step, bounds, timeline);
    }
  }
  std::reverse(path.begin(), path.end());
  return path;
}

}  // namespace imbrex::run
