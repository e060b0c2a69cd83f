// Whole random networks: fast-overlapim and pairwise against the simulator, job by job; the
// conservative methods never early; dealing anew never slower (specification fast-overlapim,
// oracles O5, O6, O10).
#include "analysis.hpp"
#include "deal_kit.hpp"
#include "expect_timeline.hpp"

#include <imbrex/toolkit/analysis/order_completions.hpp>

#include <gtest/gtest.h>

namespace imbrex::property {
namespace {

// A job over several groups and a part of their channels writes channels with gaps; the simulator
// and pairwise comparison see the hull. Digits of coordinates have no hulls.
bool writes_with_gaps(const Scenario& scenario) {
  for (std::size_t i = 0; i < scenario.workload->operators().size(); ++i) {
    const LoopBounds& bounds = scenario.workload->operators()[i].bounds;
    const auto& mapping = scenario.design->mapping(operator_id(i));
    if (mapping && mapping->job_extent[index(Dim::G)] > 1 && bounds[Dim::G] > 1 &&
        mapping->job_extent[index(Dim::K)] < bounds[Dim::K]) {
      return true;
    }
  }
  return false;
}

ScenarioOptions nests_with_delays() {
  ScenarioOptions options;
  options.random_mappings = true;
  options.delays = true;
  return options;
}

ScenarioOptions in_random_nests() {
  ScenarioOptions options;
  options.random_mappings = true;
  return options;
}

TEST(WholeDesigns, FastOverlapimGivesTheSimulatorsTimes) {
  int compared = 0;
  for (std::uint64_t number = 40000; number < 40500; ++number) {
    const Scenario scenario = make_scenario(number, nests_with_delays());
    SCOPED_TRACE(scenario.description());
    const Analysis fast = analyze_with(kFast, scenario);
    const Analysis simulated = scenario.simulate();
    if (writes_with_gaps(scenario)) {
      ASSERT_LE(fast.result.makespan_ps, simulated.result.makespan_ps);
      continue;
    }
    ASSERT_NO_FATAL_FAILURE(expect_same_timeline(fast, simulated));
    ++compared;
  }
  EXPECT_GT(compared, 400);
}

TEST(WholeDesigns, PairwiseGivesTheSimulatorsTimes) {
  for (std::uint64_t number = 41000; number < 41300; ++number) {
    const Scenario scenario = make_scenario(number, nests_with_delays());
    SCOPED_TRACE(scenario.description());
    ASSERT_NO_FATAL_FAILURE(
        expect_same_timeline(analyze_with(kPairwise, scenario), scenario.simulate()));
  }
}

TEST(WholeDesigns, CopiesAndStripsGiveTheSimulatorsTimes) {
  for (std::uint64_t number = 42000; number < 42300; ++number) {
    const Scenario scenario = make_scenario(number, {});
    SCOPED_TRACE(scenario.description());
    const Analysis simulated = scenario.simulate();
    ASSERT_NO_FATAL_FAILURE(expect_same_timeline(analyze_with(kFast, scenario), simulated));
    ASSERT_NO_FATAL_FAILURE(expect_same_timeline(analyze_with(kPairwise, scenario), simulated));
  }
}

// A forced method takes one clock for servers that run apart: late, never early, and said so.
TEST(WholeDesigns, ForcedMethodsAreNeverEarlyAndSayWhenTheyAreConservative) {
  int late = 0;
  for (std::uint64_t number = 43000; number < 43600; ++number) {
    const Scenario scenario = make_scenario(number, nests_with_delays());
    SCOPED_TRACE(scenario.description());
    const Analysis truth = analyze_with(kFast, scenario);
    const Analysis walked = analyze_with(kFast, scenario, {{"method", "digit-walk"}});
    const Analysis looked_up = analyze_with(kFast, scenario, {{"method", "tables"}});
    ASSERT_NO_FATAL_FAILURE(expect_same_timeline(walked, looked_up));
    ASSERT_EQ(walked.jobs.size(), truth.jobs.size());
    ASSERT_EQ(truth.notes.at("bound"), "exact");
    bool any_late = false;
    for (std::size_t i = 0; i < truth.jobs.size(); ++i) {
      ASSERT_GE(walked.jobs[i].start_ps, truth.jobs[i].start_ps) << "job " << i;
      any_late |= walked.jobs[i].start_ps > truth.jobs[i].start_ps;
    }
    ASSERT_FALSE(any_late && walked.notes.at("bound") == "exact");
    late += any_late ? 1 : 0;
  }
  EXPECT_GT(late, 0) << "no scenario tells one clock from many";
}

TEST(WholeDesigns, CoordinatesInsteadOfBoxesAreNeverLater) {
  int earlier = 0;
  for (std::uint64_t number = 44000; number < 44300; ++number) {
    const Scenario scenario = make_scenario(number, nests_with_delays());
    SCOPED_TRACE(scenario.description());
    const std::int64_t boxes_ps = analyze_with(kFast, scenario).result.makespan_ps;
    const std::int64_t sets_ps =
        analyze_with(kFast, scenario, {{"holes", "exact"}}).result.makespan_ps;
    ASSERT_LE(sets_ps, boxes_ps);
    earlier += sets_ps < boxes_ps ? 1 : 0;
  }
  EXPECT_GT(earlier, 0) << "no scenario has holes that matter";
}

std::int64_t dealt_ps(const Scenario& scenario, const DealingCosts& costs) {
  Scenario dealt = make_scenario(scenario.number, in_random_nests());
  *dealt.design = test::dealt_anew(*scenario.design, scenario.machine(), {scenario.shape}, costs);
  return analyze_with(kFast, dealt).result.makespan_ps;
}

// O6 and O10.
TEST(WholeDesigns, TransformedIsNeverSlowerThanOverlappedNorThatThanSequential) {
  int faster = 0;
  for (std::uint64_t number = 45000; number < 45300; ++number) {
    const Scenario scenario = make_scenario(number, in_random_nests());
    SCOPED_TRACE(scenario.description());
    const std::int64_t overlap_ps = analyze_with(kFast, scenario).result.makespan_ps;
    std::int64_t sum_ps = 0;
    std::int64_t longest_ps = 0;
    const WorkGraph graph = scenario.work_graph();
    for (const OperatorId op : graph.mapped()) {
      sum_ps += longest_server_ps(graph.order(op));
      longest_ps = std::max(longest_ps, longest_server_ps(graph.order(op)));
    }
    ASSERT_LE(overlap_ps, sum_ps);
    ASSERT_GE(overlap_ps, longest_ps);  // speed-up <= sum / max
    faster += dealt_ps(scenario, {}) < overlap_ps ? 1 : 0;
  }
  EXPECT_GT(faster, 0) << "dealing anew never paid";
}

TEST(WholeDesigns, WholeTilesNeedNoMerge) {
  for (std::uint64_t number = 46000; number < 46150; ++number) {
    const Scenario scenario = make_scenario(number, in_random_nests());
    SCOPED_TRACE(scenario.description());
    const auto whole = [&](std::int64_t merge_add_ps) {
      return dealt_ps(scenario, {.whole_tiles = true, .merge_add_ps = merge_add_ps});
    };
    ASSERT_EQ(whole(0), whole(1000000));
  }
}

// Jobs that were dealt to another server than their mapping's.
std::int64_t moved(const Scenario& scenario, const DealingCosts& costs) {
  const Design dealt =
      test::dealt_anew(*scenario.design, scenario.machine(), {scenario.shape}, costs);
  std::int64_t jobs = 0;
  for (std::size_t i = 0; i < scenario.workload->operators().size(); ++i) {
    const auto& order = dealt.dealt_order(operator_id(i));
    for (std::size_t server = 0; order && server + 1 < order->first_job.size(); ++server) {
      for (std::int64_t at = order->first_job[server]; at < order->first_job[server + 1]; ++at) {
        const std::int64_t home = order->jobs[static_cast<std::size_t>(at)].server;
        jobs += home == static_cast<std::int64_t>(server) ? 0 : 1;
      }
    }
  }
  return jobs;
}

TEST(WholeDesigns, MovesThatCostMoreThanTheySaveAreNotMade) {
  std::int64_t free_moves = 0;
  for (std::uint64_t number = 45000; number < 46000; ++number) {
    const Scenario scenario = make_scenario(number, in_random_nests());
    SCOPED_TRACE(scenario.description());
    free_moves += moved(scenario, {});
    ASSERT_EQ(moved(scenario, {.bits_per_ps = 1e-6, .merge_add_ps = 1000000}), 0);
  }
  EXPECT_GT(free_moves, 20);
}

}  // namespace
}  // namespace imbrex::property
