// What jobs read, as bounds of their starts.
#include "run/even_steps.hpp"
#include "run/job_bounds.hpp"

#include <algorithm>

namespace imbrex::run {

void BoundFinder::offer_sources(Latest& latest) {
  for (const Source& source : sources_) {
    jobs_.find(source.producer, source.region, found_);
    for (const std::uint32_t job : found_) {
      latest.offer(job, jobs_.at(job).end_ps + jobs_.job(job).completion_ps + source.delay_ps);
    }
  }
}

// True, and `sources_` are all that the jobs of a step read, when the first server's job reads as
// much as all of them together.
bool BoundFinder::first_reads_all(const TimedJob& timed) {
  if (runs_evenly_.first != timed.id) {
    runs_evenly_ = {timed.id,
                    runs_evenly(graph_, timed.id, JobRuns(timeline_.jobs.runs_of(timed.id)))};
  }
  if (!runs_evenly_.second) {
    return false;
  }
  const WorkOrder& order = graph_.order(timed.id);
  together_.clear();
  graph_.trace(timed.id, box_of_step(order, timed.step), scratch_, together_);
  graph_.trace(timed.id, order.job(timed.step, 0).box, scratch_, sources_);
  const bool all = sources_ == together_;
  if (!all) {
    sources_.clear();
  }
  return all;
}

BoundFinder::Latest BoundFinder::of_sources(std::uint32_t job) {
  const TimedJob timed = jobs_.at(job);
  const WorkOrder& order = graph_.order(timed.id);
  sources_.clear();
  if (!order.lock_step()) {
    graph_.trace(timed.id, jobs_.job(job).box, scratch_, sources_);
  } else if (!first_reads_all(timed)) {  // servers in lock-step wait for one another's input
    for (std::int64_t server = 0; server < order.server_count(); ++server) {
      const std::uint32_t other = lower_bound(timed.id, server, timed.step);
      if (other < jobs_.last(timed.id) && jobs_.at(other).server == server &&
          jobs_.at(other).step == timed.step) {
        graph_.trace(timed.id, jobs_.job(other).box, scratch_, sources_);
      }
    }
  }
  Latest latest;
  offer_sources(latest);
  return latest;
}

bool BoundFinder::reads_from(std::uint32_t job, OperatorId producer) {
  sources_.clear();
  graph_.trace(jobs_.at(job).id, jobs_.job(job).box, scratch_, sources_);
  return std::any_of(sources_.begin(), sources_.end(),
                     [producer](const Source& source) { return source.producer == producer; });
}

}  // namespace imbrex::run
