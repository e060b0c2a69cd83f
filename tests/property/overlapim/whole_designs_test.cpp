// Whole random networks: fast-overlapim and pairwise against the simulator, job by job; the
// conservative methods never early; dealing anew never slower (specification fast-overlapim,
// oracles O5, O6, O10).
#include "analysis.hpp"

#include <gtest/gtest.h>

namespace imbrex::property {
namespace {

void expect_same_jobs(const Analysis& a, const Analysis& b) {
  ASSERT_EQ(a.result.verdict, b.result.verdict);
  ASSERT_EQ(a.result.makespan_ps, b.result.makespan_ps);
  ASSERT_EQ(a.jobs.size(), b.jobs.size());
  for (std::size_t i = 0; i < a.jobs.size(); ++i) {
    ASSERT_EQ(a.jobs[i].id, b.jobs[i].id);
    ASSERT_EQ(a.jobs[i].server, b.jobs[i].server);
    ASSERT_EQ(a.jobs[i].step, b.jobs[i].step);
    ASSERT_EQ(a.jobs[i].start_ps, b.jobs[i].start_ps) << "job " << i;
    ASSERT_EQ(a.jobs[i].end_ps, b.jobs[i].end_ps) << "job " << i;
  }
}

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
    ASSERT_NO_FATAL_FAILURE(expect_same_jobs(fast, simulated));
    ++compared;
  }
  EXPECT_GT(compared, 400);
}

TEST(WholeDesigns, PairwiseGivesTheSimulatorsTimes) {
  for (std::uint64_t number = 41000; number < 41300; ++number) {
    const Scenario scenario = make_scenario(number, nests_with_delays());
    SCOPED_TRACE(scenario.description());
    ASSERT_NO_FATAL_FAILURE(
        expect_same_jobs(analyze_with(kPairwise, scenario), scenario.simulate()));
  }
}

TEST(WholeDesigns, CopiesAndStripsGiveTheSimulatorsTimes) {
  for (std::uint64_t number = 42000; number < 42300; ++number) {
    const Scenario scenario = make_scenario(number, {});
    SCOPED_TRACE(scenario.description());
    const Analysis simulated = scenario.simulate();
    ASSERT_NO_FATAL_FAILURE(expect_same_jobs(analyze_with(kFast, scenario), simulated));
    ASSERT_NO_FATAL_FAILURE(expect_same_jobs(analyze_with(kPairwise, scenario), simulated));
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
    ASSERT_NO_FATAL_FAILURE(expect_same_jobs(walked, looked_up));
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

// O6 and O10.
TEST(WholeDesigns, TransformedIsNeverSlowerThanOverlappedNorThatThanSequential) {
  int faster = 0;
  for (std::uint64_t number = 45000; number < 45300; ++number) {
    ScenarioOptions options;
    options.random_mappings = true;
    const Scenario scenario = make_scenario(number, options);
    SCOPED_TRACE(scenario.description());
    const std::int64_t overlap_ps = analyze_with(kFast, scenario).result.makespan_ps;
    const Analysis dealt = analyze_with(kFast, scenario, {{"transform", "auto"}});
    std::int64_t sum_ps = 0;
    std::int64_t longest_ps = 0;
    std::int64_t jobs = 0;
    const WorkGraph graph = scenario.work_graph();
    for (const OperatorId op : graph.mapped()) {
      sum_ps += longest_server_ps(graph.order(op));
      longest_ps = std::max(longest_ps, longest_server_ps(graph.order(op)));
      jobs += graph.order(op).job_count();
    }
    ASSERT_LE(dealt.result.makespan_ps, overlap_ps);
    ASSERT_LE(overlap_ps, sum_ps);
    ASSERT_GE(overlap_ps, longest_ps);  // speed-up <= sum / max
    faster += dealt.result.makespan_ps < overlap_ps ? 1 : 0;
  }
  EXPECT_GT(faster, 0) << "dealing anew never paid";
}

TEST(WholeDesigns, MovesThatCostMoreAreNeverFasterAndWholeTilesNeedNoMerge) {
  for (std::uint64_t number = 46000; number < 46150; ++number) {
    ScenarioOptions options;
    options.random_mappings = true;
    const Scenario scenario = make_scenario(number, options);
    SCOPED_TRACE(scenario.description());
    const std::int64_t plain_ps = analyze_with(kFast, scenario).result.makespan_ps;
    const std::int64_t dear_ps =
        analyze_with(kFast, scenario,
                     {{"transform", "auto"}, {"move_bits_per_ps", 1e-3}, {"merge_add_ps", 1000000}})
            .result.makespan_ps;
    ASSERT_LE(dear_ps, plain_ps);
    const auto whole = [&](std::int64_t merge_add_ps) {
      return analyze_with(kFast, scenario,
                          {{"transform", "auto"},
                           {"transform_unit", "output-tile"},
                           {"merge_add_ps", merge_add_ps}})
          .result.makespan_ps;
    };
    ASSERT_EQ(whole(0), whole(1000000));
    ASSERT_LE(whole(0), plain_ps);
  }
}

}  // namespace
}  // namespace imbrex::property
