#include "run/job_bounds.hpp"

#include <algorithm>
#include <utility>

namespace imbrex::run {

void BoundFinder::Latest::offer(std::uint32_t job, std::int64_t release_ps) {
  if (release_ps > time_ps) {
    time_ps = release_ps;
    jobs.clear();
  }
  if (release_ps == time_ps) {
    jobs.push_back(job);
  }
}

void BoundFinder::Latest::join(const Latest& other) {
  for (const std::uint32_t job : other.jobs) {
    offer(job, other.time_ps);
  }
}

BoundFinder::BoundFinder(const WorkGraph& graph, const Timeline& timeline)
    : graph_(graph), timeline_(timeline), jobs_(graph, timeline) {}

JobBounds BoundFinder::sorted(Latest latest, OperatorId own, Wait waited_for) const {
  std::sort(latest.jobs.begin(), latest.jobs.end(), [&](std::uint32_t a, std::uint32_t b) {
    return std::pair(jobs_.at(a).id != own, a) < std::pair(jobs_.at(b).id != own, b);
  });
  latest.jobs.erase(std::unique(latest.jobs.begin(), latest.jobs.end()), latest.jobs.end());
  return {std::move(latest.jobs), waited_for};
}

JobBounds BoundFinder::of_makespan() {
  Latest last;
  std::uint32_t begin = 0;
  for (const JobRun& run : timeline_.jobs.runs()) {
    const auto behind = begin + static_cast<std::uint32_t>(run.count);
    // Between the ends of a run no job ends latest, unless all of them end together.
    const std::uint32_t stride = run.period_ps == 0 ? 1 : behind - begin - 1;
    for (std::uint32_t job = begin; job < behind; job += std::max(stride, 1u)) {
      last.offer(job, jobs_.at(job).end_ps);
    }
    begin = behind;
  }
  const Workload& workload = graph_.workload();
  sources_.clear();
  for (const TensorId output : workload.outputs()) {
    graph_.trace(output, Region::whole(workload.at(output).shape), scratch_, sources_);
  }
  offer_sources(last);
  return sorted(std::move(last), OperatorId::none, Wait::nothing);
}

std::uint32_t BoundFinder::lower_bound(OperatorId op, std::int64_t server,
                                       std::int64_t step) const {
  using Key = std::pair<std::int64_t, std::int64_t>;
  const std::span<const JobRun> runs = timeline_.jobs.runs_of(op);
  const auto run =
      std::lower_bound(runs.begin(), runs.end(), Key(server, step), [](const JobRun& a, Key key) {
        return Key(a.first.server, a.first.step + a.count - 1) < key;
      });
  if (run == runs.end()) {
    return jobs_.last(op);
  }
  const std::size_t begin =
      timeline_.jobs.begin_of(static_cast<std::size_t>(&*run - timeline_.jobs.runs().data()));
  const bool inside = run->first.server == server && run->first.step < step;
  return static_cast<std::uint32_t>(begin) +
         (inside ? static_cast<std::uint32_t>(step - run->first.step) : 0);
}

void BoundFinder::offer_previous(OperatorId op, std::int64_t server, std::int64_t step,
                                 Latest& latest) const {
  const std::uint32_t at = lower_bound(op, server, step);
  if (at == jobs_.first(op) || jobs_.at(at - 1).server != server) {
    return;
  }
  const TimedJob previous = jobs_.at(at - 1);
  std::int64_t time_ps = previous.end_ps;
  // Steps without work are not in the timeline, but they may take time.
  // A server in lock-step may have fewer steps than its companions.
  const std::int64_t last = std::min(step, graph_.order(op).step_count(server));
  for (std::int64_t empty = previous.step + 1; empty < last; ++empty) {
    time_ps += graph_.order(op).job(empty, server).duration_ps;
  }
  latest.offer(at - 1, time_ps);
}

BoundFinder::Latest BoundFinder::of_server(std::uint32_t job) const {
  const TimedJob timed = jobs_.at(job);
  const WorkOrder& order = graph_.order(timed.id);
  Latest latest;
  if (!order.lock_step()) {
    offer_previous(timed.id, timed.server, timed.step, latest);
    return latest;
  }
  for (std::int64_t server = 0; server < order.server_count(); ++server) {
    offer_previous(timed.id, server, timed.step, latest);
  }
  return latest;
}

void BoundFinder::order_by_end() {
  if (!by_end_.empty()) {
    return;
  }
  std::vector<std::pair<std::int64_t, std::uint32_t>> ends;  // a run is found once per job
  ends.reserve(timeline_.jobs.size());
  for (const TimedJob job : timeline_.jobs) {
    ends.emplace_back(job.end_ps, static_cast<std::uint32_t>(ends.size()));
  }
  std::sort(ends.begin(), ends.end());
  by_end_.reserve(ends.size());
  for (const auto& [end_ps, job] : ends) {
    by_end_.push_back(job);
  }
}

template <class Test>
BoundFinder::Latest BoundFinder::ending_at_start_of(std::uint32_t job, Test&& test) {
  order_by_end();
  const std::int64_t start_ps = jobs_.at(job).start_ps;
  auto candidate = std::lower_bound(by_end_.begin(), by_end_.end(), start_ps,
                                    [this](std::uint32_t other, std::int64_t time_ps) {
                                      return jobs_.at(other).end_ps < time_ps;
                                    });
  Latest latest;
  for (; candidate != by_end_.end() && jobs_.at(*candidate).end_ps == start_ps; ++candidate) {
    // A strictly earlier start keeps a walk along bounds from going round in circles.
    if (jobs_.at(*candidate).start_ps < start_ps && test(*candidate)) {
      latest.offer(*candidate, start_ps);
    }
  }
  return latest;
}

// Consumers that freed buffer space.
BoundFinder::Latest BoundFinder::consumers_of(std::uint32_t job) {
  const OperatorId producer = jobs_.at(job).id;
  return ending_at_start_of(
      job, [this, producer](std::uint32_t other) { return reads_from(other, producer); });
}

// Analyses that let operators take turns.
BoundFinder::Latest BoundFinder::other_operators(std::uint32_t job) {
  const OperatorId op = jobs_.at(job).id;
  return ending_at_start_of(job,
                            [this, op](std::uint32_t other) { return jobs_.at(other).id != op; });
}

// The job that ended last before the segment that begins its work with this job.
BoundFinder::Latest BoundFinder::segment_before(std::uint32_t job) {
  const std::int64_t start_ps = jobs_.at(job).start_ps;
  const auto segment = std::find_if(
      timeline_.segments.begin(), timeline_.segments.end(),
      [start_ps](const SegmentTimes& times) { return times.work_start_ps == start_ps; });
  if (segment == timeline_.segments.end()) {
    return {};
  }
  order_by_end();
  const auto behind = std::upper_bound(by_end_.begin(), by_end_.end(), segment->start_ps,
                                       [this](std::int64_t time_ps, std::uint32_t other) {
                                         return time_ps < jobs_.at(other).end_ps;
                                       });
  Latest latest;
  // A strictly earlier start keeps a walk along bounds from going round in circles.
  if (behind != by_end_.begin() && jobs_.at(*(behind - 1)).start_ps < start_ps) {
    latest.offer(*(behind - 1), start_ps);
  }
  return latest;
}

// Who did what the analyzer says the job waited for: of several kinds of wait whoever was latest,
// because data may be there before an analysis notices. For its own operator's jobs nobody else has
// to be looked up.
BoundFinder::Latest BoundFinder::stated(std::uint32_t job) {
  const Wait waited_for = jobs_.at(job).waited_for;
  Latest latest;
  if (has(waited_for, Wait::server)) {
    latest = of_server(job);
  }
  if (!latest.jobs.empty()) {
    return latest;
  }
  if (has(waited_for, Wait::source) || has(waited_for, Wait::link)) {
    latest.join(of_sources(job));
  }
  if (has(waited_for, Wait::buffer)) {
    latest.join(consumers_of(job));
  }
  if (has(waited_for, Wait::sequence)) {
    latest.join(other_operators(job));
  }
  return latest;
}

// In this order of preference: the previous job of the server, or else the sources, that end at the
// start; who ends at the start and may have freed buffer space, or made way; whatever was ready
// last.
JobBounds BoundFinder::looked_for(std::uint32_t job) {
  const TimedJob timed = jobs_.at(job);
  Latest server = of_server(job);
  if (server.time_ps == timed.start_ps) {
    return sorted(std::move(server), timed.id, Wait::server);
  }
  Latest sources = of_sources(job);
  if (sources.time_ps == timed.start_ps) {
    return sorted(std::move(sources), timed.id, Wait::source);
  }
  if (Latest consumers = consumers_of(job); !consumers.jobs.empty()) {
    return sorted(std::move(consumers), timed.id, Wait::buffer);
  }
  if (Latest others = other_operators(job); !others.jobs.empty()) {
    return sorted(std::move(others), timed.id, Wait::sequence);
  }
  server.join(sources);
  return sorted(std::move(server), timed.id, Wait::nothing);
}

std::uint32_t BoundFinder::first_in_turn(std::uint32_t job) const {
  const std::size_t number = timeline_.jobs.run_of(job);
  const JobRun& run = timeline_.jobs.runs()[number];
  const bool in_turn = run.first.waited_for == Wait::server && run.first.start_ps > 0 &&
                       run.period_ps == run.first.end_ps - run.first.start_ps;
  // In lock-step the first server with a job in the step before stands for all of them.
  const bool stands_first = !graph_.order(run.first.id).lock_step() || run.first.server == 0;
  return in_turn && stands_first ? static_cast<std::uint32_t>(timeline_.jobs.begin_of(number))
                                 : job;
}

JobBounds BoundFinder::of_start(std::uint32_t job) {
  const TimedJob timed = jobs_.at(job);
  if (timed.start_ps == 0) {
    return {};
  }
  if (Latest bound = stated(job); !bound.jobs.empty()) {
    return sorted(std::move(bound), timed.id, timed.waited_for);
  }
  if (Latest before = segment_before(job); !before.jobs.empty()) {
    return sorted(std::move(before), OperatorId::none, Wait::nothing);
  }
  return looked_for(job);
}

}  // namespace imbrex::run
