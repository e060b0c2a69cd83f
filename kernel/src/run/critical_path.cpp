#include "run/critical_path.hpp"

#include "run/timeline_index.hpp"

#include <algorithm>
#include <numeric>

namespace imbrex {
namespace {

constexpr std::uint32_t kNoJob = 0xffffffff;

// The job a walk goes to next, and when it released the job the walk came from.
struct Release {
  std::uint32_t job = kNoJob;
  std::int64_t time_ps = -1;

  // Later releases win; among equals the lowest job.
  void offer(std::uint32_t candidate, std::int64_t candidate_ps) noexcept {
    if (candidate_ps > time_ps || (candidate_ps == time_ps && candidate < job)) {
      *this = {candidate, candidate_ps};
    }
  }
};

class Walk {
 public:
  Walk(const WorkGraph& graph, const Timeline& timeline)
      : graph_(graph), timeline_(timeline), jobs_(graph, timeline) {}

  std::uint32_t last_job();
  // kNoJob: the job started as soon as time did.
  std::uint32_t predecessor(std::uint32_t job);

 private:
  Release previous_on_server(std::uint32_t job) const;
  // The job that ended last before the segment that begins its work with this job; kNoJob when it
  // begins none.
  std::uint32_t last_of_segment_before(std::uint32_t job);
  Release previous_of(OperatorId op, std::int64_t server, std::int64_t step) const;
  Release latest_source(std::uint32_t job);
  void offer_sources(Release& best);
  std::uint32_t consumer_that_freed_space(std::uint32_t job);
  std::uint32_t job_that_made_way(std::uint32_t job);
  // The first job that ends when this one starts, began before it and passes the test.
  template <class Test>
  std::uint32_t ends_at_start_of(std::uint32_t job, Test&& test);
  bool reads_from(std::uint32_t job, OperatorId producer);
  void order_by_end();
  // Position of the job with the lowest step >= `step` on a server.
  std::uint32_t lower_bound(OperatorId op, std::int64_t server, std::int64_t step) const;

  const WorkGraph& graph_;
  const Timeline& timeline_;
  TimelineIndex jobs_;
  WorkGraph::Scratch scratch_;
  std::vector<Source> sources_;
  std::vector<std::uint32_t> found_;
  std::vector<std::uint32_t> by_end_;
};

std::uint32_t Walk::last_job() {
  Release last;
  for (std::uint32_t job = 0; job < timeline_.jobs.size(); ++job) {
    last.offer(job, jobs_.at(job).end_ps);
  }
  const Workload& workload = graph_.workload();
  sources_.clear();
  for (const TensorId output : workload.outputs()) {
    graph_.trace(output, Region::whole(workload.at(output).shape), scratch_, sources_);
  }
  offer_sources(last);
  return last.job;
}

void Walk::offer_sources(Release& best) {
  for (const Source& source : sources_) {
    jobs_.find(source.producer, source.region, found_);
    for (const std::uint32_t job : found_) {
      best.offer(job, jobs_.at(job).end_ps + source.delay_ps);
    }
  }
}

std::uint32_t Walk::lower_bound(OperatorId op, std::int64_t server, std::int64_t step) const {
  const auto begin = timeline_.jobs.begin();
  const auto at =
      std::lower_bound(begin + jobs_.first(op), begin + jobs_.last(op), std::pair(server, step),
                       [](const TimedJob& job, const std::pair<std::int64_t, std::int64_t>& key) {
                         return std::pair<std::int64_t, std::int64_t>(job.server, job.step) < key;
                       });
  return static_cast<std::uint32_t>(at - begin);
}

Release Walk::previous_of(OperatorId op, std::int64_t server, std::int64_t step) const {
  const std::uint32_t at = lower_bound(op, server, step);
  if (at == jobs_.first(op) || jobs_.at(at - 1).server != server) {
    return {};
  }
  const TimedJob& previous = jobs_.at(at - 1);
  std::int64_t time_ps = previous.end_ps;
  // Steps without work are not in the timeline, but they may take time.
  // A server in lock-step may have fewer steps than its companions.
  const std::int64_t last = std::min(step, graph_.order(op).step_count(server));
  for (std::int64_t empty = previous.step + 1; empty < last; ++empty) {
    time_ps += graph_.order(op).job(empty, server).duration_ps;
  }
  return {at - 1, time_ps};
}

Release Walk::previous_on_server(std::uint32_t job) const {
  const TimedJob& timed = jobs_.at(job);
  const WorkOrder& order = graph_.order(timed.id);
  if (!order.lock_step()) {
    return previous_of(timed.id, timed.server, timed.step);
  }
  Release best;
  for (std::int64_t server = 0; server < order.server_count(); ++server) {
    const Release release = previous_of(timed.id, server, timed.step);
    if (release.job != kNoJob) {
      best.offer(release.job, release.time_ps);
    }
  }
  return best;
}

Release Walk::latest_source(std::uint32_t job) {
  const TimedJob& timed = jobs_.at(job);
  const WorkOrder& order = graph_.order(timed.id);
  sources_.clear();
  if (!order.lock_step()) {
    graph_.trace(timed.id, jobs_.box(job), scratch_, sources_);
  } else {  // servers that advance together wait for one another's input
    for (std::int64_t server = 0; server < order.server_count(); ++server) {
      const std::uint32_t other = lower_bound(timed.id, server, timed.step);
      if (other < jobs_.last(timed.id) && jobs_.at(other).server == server &&
          jobs_.at(other).step == timed.step) {
        graph_.trace(timed.id, jobs_.box(other), scratch_, sources_);
      }
    }
  }
  Release best;
  offer_sources(best);
  return best;
}

void Walk::order_by_end() {
  by_end_.resize(timeline_.jobs.size());
  std::iota(by_end_.begin(), by_end_.end(), 0u);
  std::stable_sort(by_end_.begin(), by_end_.end(), [this](std::uint32_t a, std::uint32_t b) {
    return jobs_.at(a).end_ps < jobs_.at(b).end_ps;
  });
}

bool Walk::reads_from(std::uint32_t job, OperatorId producer) {
  sources_.clear();
  graph_.trace(jobs_.at(job).id, jobs_.box(job), scratch_, sources_);
  return std::any_of(sources_.begin(), sources_.end(),
                     [producer](const Source& source) { return source.producer == producer; });
}

template <class Test>
std::uint32_t Walk::ends_at_start_of(std::uint32_t job, Test&& test) {
  if (by_end_.empty()) {
    order_by_end();
  }
  const std::int64_t start_ps = jobs_.at(job).start_ps;
  auto candidate = std::lower_bound(by_end_.begin(), by_end_.end(), start_ps,
                                    [this](std::uint32_t other, std::int64_t time_ps) {
                                      return jobs_.at(other).end_ps < time_ps;
                                    });
  for (; candidate != by_end_.end() && jobs_.at(*candidate).end_ps == start_ps; ++candidate) {
    // A strictly earlier start keeps the walk from going round in circles.
    if (jobs_.at(*candidate).start_ps < start_ps && test(*candidate)) {
      return *candidate;
    }
  }
  return kNoJob;
}

std::uint32_t Walk::consumer_that_freed_space(std::uint32_t job) {
  const OperatorId producer = jobs_.at(job).id;
  return ends_at_start_of(
      job, [this, producer](std::uint32_t other) { return reads_from(other, producer); });
}

// Analyses that let operators take turns.
std::uint32_t Walk::job_that_made_way(std::uint32_t job) {
  const OperatorId op = jobs_.at(job).id;
  return ends_at_start_of(job,
                          [this, op](std::uint32_t other) { return jobs_.at(other).id != op; });
}

std::uint32_t Walk::last_of_segment_before(std::uint32_t job) {
  const std::int64_t start_ps = jobs_.at(job).start_ps;
  const auto segment = std::find_if(
      timeline_.segments.begin(), timeline_.segments.end(),
      [start_ps](const SegmentTimes& times) { return times.work_start_ps == start_ps; });
  if (segment == timeline_.segments.end()) {
    return kNoJob;
  }
  if (by_end_.empty()) {
    order_by_end();
  }
  const auto behind = std::upper_bound(by_end_.begin(), by_end_.end(), segment->start_ps,
                                       [this](std::int64_t time_ps, std::uint32_t other) {
                                         return time_ps < jobs_.at(other).end_ps;
                                       });
  // A strictly earlier start keeps the walk from going round in circles.
  const bool found = behind != by_end_.begin() && jobs_.at(*(behind - 1)).start_ps < start_ps;
  return found ? *(behind - 1) : kNoJob;
}

std::uint32_t Walk::predecessor(std::uint32_t job) {
  const std::int64_t start_ps = jobs_.at(job).start_ps;
  if (start_ps == 0) {
    return kNoJob;
  }
  const std::uint32_t before = last_of_segment_before(job);
  if (before != kNoJob) {
    return before;
  }
  Release best = previous_on_server(job);
  if (best.time_ps == start_ps) {
    return best.job;
  }
  const Release source = latest_source(job);
  if (source.time_ps == start_ps) {
    return source.job;
  }
  const std::uint32_t consumer = consumer_that_freed_space(job);
  if (consumer != kNoJob) {
    return consumer;
  }
  const std::uint32_t other = job_that_made_way(job);
  if (other != kNoJob) {
    return other;
  }
  if (source.job != kNoJob) {
    best.offer(source.job, source.time_ps);
  }
  return best.job;
}

// Adds a job in front of the path; jobs of one operator in a row become one piece.
void prepend(std::vector<CriticalStep>& reversed, const TimedJob& job) {
  if (!reversed.empty() && reversed.back().op == job.id) {
    reversed.back().start_ps = job.start_ps;
    ++reversed.back().jobs;
    return;
  }
  if (!reversed.empty()) {
    reversed.back().cause = job.id;
  }
  reversed.push_back({job.id, OperatorId::none, job.start_ps, job.end_ps, 1});
}

}  // namespace

std::vector<CriticalStep> critical_path(const WorkGraph& graph, const Timeline& timeline) {
  std::vector<CriticalStep> path;
  if (timeline.jobs.empty()) {
    return path;
  }
  Walk walk(graph, timeline);
  for (std::uint32_t job = walk.last_job(); job != kNoJob; job = walk.predecessor(job)) {
    prepend(path, timeline.jobs[job]);
  }
  std::reverse(path.begin(), path.end());
  return path;
}

}  // namespace imbrex
