// The simulator with links, on random networks and random floor plans, against link_replay.hpp.
#include "expect_timeline.hpp"
#include "link_replay.hpp"

#include <imbrex/values/floor_plan.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

namespace imbrex::property {
namespace {

// Start and end by job of the flood; -1 without work.
struct Simulated {
  std::vector<std::int64_t> start_ps;
  std::vector<std::int64_t> end_ps;
};

Simulated times_of(const FloodResult& flooded, const Analysis& analysis) {
  Simulated result;
  std::size_t timed = 0;
  for (const FloodJob& job : flooded.jobs) {
    const bool works = !job.box.empty();
    result.start_ps.push_back(works ? analysis.jobs.at(timed).start_ps : -1);
    result.end_ps.push_back(works ? analysis.jobs.at(timed).end_ps : -1);
    timed += works ? 1 : 0;
  }
  return result;
}

// A job starts when the one before it on its server has ended and all it needs has arrived, and
// not a moment later, if there is always space for what it makes.
void expect_starts(const Linked& linked, const Simulated& times, const Replay& replay,
                   bool has_space = true) {
  const std::vector<FloodJob>& jobs = linked.flooded.jobs;
  const bool exact = has_space && linked.scenario.graph.strides_within_kernels();
  std::map<std::tuple<OperatorId, std::int64_t, std::int64_t>, std::int64_t> ready_ps;
  const auto batch = [&](const FloodJob& job, std::int64_t step) {
    return std::tuple(job.op, linked.scenario.cost->servers_in_lock_step ? 0 : job.server, step);
  };
  std::set<std::tuple<OperatorId, std::int64_t, std::int64_t>> idle;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    std::int64_t& ready = ready_ps[batch(jobs[i], jobs[i].step)];
    for (const auto& [writer, delay_ps] : jobs[i].needs) {
      const auto arrival = replay.arrival.find({writer, jobs[i].op});
      ready = std::max(ready, delay_ps + (arrival == replay.arrival.end() ? times.end_ps[writer]
                                                                          : arrival->second));
    }
    std::int64_t& next = ready_ps[batch(jobs[i], jobs[i].step + 1)];
    next = std::max(next, times.end_ps[i]);
    if (jobs[i].box.empty()) {
      idle.insert(batch(jobs[i], jobs[i].step + 1));  // idle steps take time that nobody reports
    }
  }
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    const auto key = batch(jobs[i], jobs[i].step);
    if (!jobs[i].box.empty() && idle.count(key) == 0) {
      if (exact) {
        ASSERT_EQ(times.start_ps[i], ready_ps[key]) << "job " << i;
      } else {
        ASSERT_GE(times.start_ps[i], ready_ps[key]) << "job " << i;
      }
    }
  }
}

void compare(std::uint64_t first, std::uint64_t last, const ScenarioOptions& options) {
  std::size_t delayed = 0;
  for (std::uint64_t number = first; number < last; ++number) {
    const Linked linked = make_linked(number, options);
    SCOPED_TRACE(linked.scenario.description());
    const Analysis analysis = linked.scenario.simulate();
    ASSERT_EQ(analysis.result.verdict, Verdict::feasible);
    const Simulated times = times_of(linked.flooded, analysis);
    const Replay replay = replay_links(linked, times.end_ps);
    ASSERT_NO_FATAL_FAILURE(expect_starts(linked, times, replay));
    ASSERT_EQ(analysis.statistics.at("packets"), replay.packets);
    ASSERT_EQ(analysis.statistics.at("busiest_link_busy_ps"), replay.busiest_ps);
    ASSERT_GE(analysis.result.makespan_ps, replay.busiest_ps);
    AnalyzerOptions off = linked.scenario.options();
    off.links = 0;
    const Analysis without = analyze("imbrex.overlap.simulator", off, *linked.scenario.design,
                                     linked.scenario.architecture, *linked.scenario.cost);
    ASSERT_GE(analysis.result.makespan_ps, without.result.makespan_ps);
    delayed += analysis.result.makespan_ps > without.result.makespan_ps ? 1 : 0;
  }
  EXPECT_GT(delayed, (last - first) / 2) << "links hardly matter in these scenarios";
}

TEST(LinksReplayed, StartEveryJobWhenItsPacketsHaveArrived) {
  compare(70000, 70400, {});
}

TEST(LinksReplayed, WithMovementAndTransferDelaysBehindThem) {
  ScenarioOptions options;
  options.delays = true;
  compare(71000, 71200, options);
}

TEST(LinksReplayed, ForSearchedLoopNestsWithPartialSums) {
  ScenarioOptions options;
  options.random_mappings = true;
  options.delays = true;
  compare(72000, 72300, options);
}

TEST(LinksReplayed, DelayNothingWithoutLimits) {
  for (std::uint64_t number = 74000; number < 74100; ++number) {
    Linked linked = make_linked(number, {});
    SCOPED_TRACE(linked.scenario.description());
    linked.scenario.architecture.links.words_per_ps = 0;
    linked.scenario.architecture.links.hop_ps = 0;
    const Analysis unlimited = linked.scenario.simulate();
    linked.scenario.design->set_floor_plans({});
    ASSERT_NO_FATAL_FAILURE(expect_same_timeline(unlimited, linked.scenario.simulate()));
  }
}

TEST(LinksReplayed, GiveTheSameTimesWithBuffersThatHoldEverything) {
  for (std::uint64_t number = 75000; number < 75100; ++number) {
    const Linked linked = make_linked(number, {});
    SCOPED_TRACE(linked.scenario.description());
    ASSERT_NO_FATAL_FAILURE(expect_same_timeline(linked.scenario.simulate(std::int64_t{1} << 40),
                                                 linked.scenario.simulate()));
  }
}

// Whether finite buffers lock up is a matter of order, not of time. Where they do not, a job may
// start later than its input is there, but no sooner.
TEST(LinksReplayed, LockUpWhereBuffersDoWithoutLinks) {
  std::size_t locked = 0;
  std::size_t ran = 0;
  for (std::uint64_t number = 77000; number < 77300; ++number) {
    const Linked linked = make_linked(number, {});
    SCOPED_TRACE(linked.scenario.description());
    Random random(kSeed + 2, number);
    AnalyzerOptions options = linked.scenario.options();
    options.buffer_bytes = random.between(1, 250);
    const auto run = [&](std::int64_t links) {
      options.links = links;
      return analyze("imbrex.overlap.simulator", options, *linked.scenario.design,
                     linked.scenario.architecture, *linked.scenario.cost);
    };
    const Analysis with = run(1);
    ASSERT_EQ(with.result.verdict, run(0).result.verdict);
    if (with.result.verdict != Verdict::feasible) {
      ++locked;
      continue;
    }
    ++ran;
    const Simulated times = times_of(linked.flooded, with);
    ASSERT_NO_FATAL_FAILURE(
        expect_starts(linked, times, replay_links(linked, times.end_ps), false));
  }
  EXPECT_GT(locked, 30U);
  EXPECT_GT(ran, 30U);
}

// Every row of an output is handed over in whole words: links are busy for exactly their loads.
TEST(LinksReplayed, KeepLinksBusyForTheWordsOfThePlan) {
  std::size_t compared = 0;
  for (std::uint64_t number = 76000; number < 76200; ++number) {
    Linked linked = make_linked(number, {});
    Scenario& scenario = linked.scenario;
    FloorPlan plan = scenario.design->floor_plans().front();
    for (HandOver& hand_over : plan.hand_overs) {
      // Flows of a hand-over are equal shares of it; no more than one per pair of elements.
      const Operator& producer = scenario.workload->at(hand_over.producer);
      hand_over.words = 27720 * scenario.workload->at(producer.output).shape.elements();
    }
    scenario.design->set_floor_plans({plan});
    SCOPED_TRACE(scenario.description());
    const LinkLoads loads = link_loads(topology_of(scenario.architecture), plan);
    const Analysis analysis = scenario.simulate();
    EXPECT_NEAR(static_cast<double>(analysis.statistics.at("busiest_link_busy_ps")),
                loads.max_load * static_cast<double>(linked.word_ps), 1e-9 * loads.max_load);
    compared += loads.max_load > 0 ? 1 : 0;
  }
  EXPECT_GT(compared, 100U);
}

}  // namespace
}  // namespace imbrex::property
