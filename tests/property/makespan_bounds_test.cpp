// Slack and critical time against their definition: the whole schedule is computed again, job by
// job, with one end delayed.
#include "run/makespan_bounds.hpp"

#include "run/latest_ends.hpp"
#include "scenario.hpp"
#include "slow_schedule.hpp"

#include <algorithm>
#include <map>
#include <vector>

#include <gtest/gtest.h>

namespace imbrex::property {
namespace {

Timeline simulated(const Scenario& scenario) {
  const Analysis analysis = scenario.simulate();
  Timeline timeline = analysis.timeline();
  timeline.segments = analysis.segments;
  return timeline;
}

// One graph of a timeline, and how much of the time after its start its jobs may take.
struct Part {
  WorkGraph graph;
  std::int64_t start_ps = 0;
  std::int64_t time_ps = 0;

  bool in_time(const Delays& delays) const {
    return SlowSchedule(graph, delays).makespan_ps() <= time_ps;
  }
};

std::vector<Part> parts_of(const Scenario& scenario, const Timeline& timeline) {
  std::vector<Part> parts;
  if (timeline.segments.size() <= 1) {
    parts.push_back({scenario.work_graph(), 0, timeline.makespan_ps});
  }
  for (const SegmentTimes& times : timeline.segments) {
    const std::int64_t data_ps =
        scenario.cost->segment_overhead(*scenario.design, times.segment).data_ps;
    if (timeline.segments.size() == 1) {
      parts.front().start_ps = times.work_start_ps;
      parts.front().time_ps = times.end_ps - data_ps - times.work_start_ps;
    } else {
      parts.push_back(
          {WorkGraph(*scenario.design, scenario.machine(), {scenario.shape}, times.segment),
           times.work_start_ps, times.end_ps - data_ps - times.work_start_ps});
    }
  }
  return parts;
}

JobName name_of(const TimedJob& job) {
  return {job.id, job.step, job.server};
}

// Delays each of the last jobs of an operator by its slack, and by 1 ps more. One at a time: jobs
// that take no time end together and may still wait for one another.
void expect_slack(const Part& part, const Timeline& timeline, const run::OperatorBounds& bounds) {
  std::int64_t last_ps = -1;
  for (const TimedJob job : JobRuns(timeline.jobs.runs_of(bounds.id))) {
    last_ps = std::max(last_ps, job.end_ps);
  }
  bool may_end_later = true;
  for (const TimedJob job : JobRuns(timeline.jobs.runs_of(bounds.id))) {
    if (job.end_ps == last_ps) {
      EXPECT_TRUE(part.in_time({{name_of(job), bounds.slack_ps}})) << index(bounds.id);
      may_end_later = may_end_later && part.in_time({{name_of(job), bounds.slack_ps + 1}});
    }
  }
  EXPECT_FALSE(may_end_later) << index(bounds.id) << " by " << bounds.slack_ps << " + 1";
}

// A job has no slack when it cannot end 1 ps later; overlapping ones count once.
std::int64_t slow_critical_ps(const Part& part, const Timeline& timeline, OperatorId op) {
  std::map<std::int64_t, std::int64_t> change;  // of the number of critical jobs
  for (const TimedJob job : JobRuns(timeline.jobs.runs_of(op))) {
    if (job.end_ps > job.start_ps && !part.in_time({{name_of(job), 1}})) {
      ++change[job.start_ps];
      --change[job.end_ps];
    }
  }
  std::int64_t time_ps = 0;
  std::int64_t count = 0;
  std::int64_t since_ps = 0;
  for (const auto& [at_ps, by] : change) {
    time_ps += count > 0 ? at_ps - since_ps : 0;
    count += by;
    since_ps = at_ps;
  }
  return time_ps;
}

// What the random cases held.
struct Seen {
  std::size_t slack = 0;
  std::size_t segments = 0;
  std::size_t lock_steps = 0;
  std::size_t merged = 0;  // jobs whose output is there after their end
};

void expect_bounds(const Scenario& scenario, Seen& seen) {
  const Timeline timeline = simulated(scenario);
  constexpr std::size_t kMostJobs = 150;
  if (timeline.jobs.size() > kMostJobs) {
    return;
  }
  const run::MakespanBounds bounds = run::makespan_bounds(scenario.work_graph(), timeline);
  std::map<OperatorId, std::int64_t> in_sets;
  for (const run::CriticalSet& set : bounds.sets) {
    for (const OperatorId op : set.operators) {
      in_sets[op] += set.time_ps;
    }
  }
  seen.segments += timeline.segments.size() > 1 ? 1 : 0;
  for (const Part& part : parts_of(scenario, timeline)) {
    const SlowSchedule schedule(part.graph, {});
    for (const run::OperatorBounds& op : bounds.operators) {
      if (!std::count(part.graph.mapped().begin(), part.graph.mapped().end(), op.id)) {
        continue;
      }
      for (const TimedJob job : JobRuns(timeline.jobs.runs_of(op.id))) {
        ASSERT_EQ(schedule.ends_ps().at(name_of(job)), job.end_ps - part.start_ps);
        seen.merged += part.graph.order(op.id).job(job.step, job.server).completion_ps > 0 ? 1 : 0;
      }
      expect_slack(part, timeline, op);
      EXPECT_EQ(op.critical_ps, slow_critical_ps(part, timeline, op.id)) << index(op.id);
      EXPECT_EQ(op.critical_ps, in_sets[op.id]) << index(op.id);
      seen.slack += op.slack_ps > 0 ? 1 : 0;
      seen.lock_steps += part.graph.order(op.id).lock_step() ? 1 : 0;
    }
  }
}

TEST(MakespanBounds, AreThoseOfTheScheduleComputedAgainWithOneEndDelayed) {
  Seen seen;
  for (std::uint64_t number = 76000; number < 76600; ++number) {
    ScenarioOptions options;
    options.delays = number % 2 == 0;
    options.random_mappings = number % 3 == 0;
    options.even_banks = number % 5 == 0;
    options.chains = number % 7 == 0;
    options.dealt_orders = number % 3 == 1;
    options.max_segments = number % 4 == 0 ? 3 : 1;
    const Scenario scenario = make_scenario(number, options);
    SCOPED_TRACE(scenario.description());
    expect_bounds(scenario, seen);
    ASSERT_FALSE(HasFailure());
  }
  EXPECT_GT(seen.slack, 400u);
  EXPECT_GT(seen.segments, 50u);
  EXPECT_GT(seen.lock_steps, 100u);
  EXPECT_GT(seen.merged, 300u);
}

// Everything that stood still was waiting for something, and only before its jobs.
TEST(MakespanBounds, StallsAreTheGapsBetweenJobs) {
  for (std::uint64_t number = 77000; number < 77200; ++number) {
    ScenarioOptions options;
    options.delays = true;
    options.max_segments = number % 2 == 0 ? 3 : 1;
    const Scenario scenario = make_scenario(number, options);
    SCOPED_TRACE(scenario.description());
    const Timeline timeline = simulated(scenario);
    const run::MakespanBounds bounds = run::makespan_bounds(scenario.work_graph(), timeline);
    for (const run::OperatorBounds& op : bounds.operators) {
      std::map<Wait, std::int64_t> slow;
      std::map<std::int32_t, std::int64_t> free_ps;
      std::int64_t begin_ps = 0;
      for (const SegmentTimes& times : timeline.segments) {
        begin_ps = times.segment == scenario.design->placement(op.id).segment ? times.work_start_ps
                                                                              : begin_ps;
      }
      for (const TimedJob job : JobRuns(timeline.jobs.runs_of(op.id))) {
        const auto [free, is_first] = free_ps.try_emplace(job.server, begin_ps);
        if (job.start_ps > free->second) {
          slow[job.waited_for] += job.start_ps - free->second;
        }
        free->second = job.end_ps;
      }
      ASSERT_EQ(op.stalls_ps, slow) << index(op.id);
    }
  }
}

}  // namespace
}  // namespace imbrex::property
