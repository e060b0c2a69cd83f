// Segments and batches: every analyzer against the simulator's barriers, job by job, and what the
// simulator does on resources against the rules of execution (specification compass section 8).
#include "expect_timeline.hpp"
#include "scenario.hpp"

#include <imbrex/values/work_graph.hpp>

#include <algorithm>
#include <map>

#include <gtest/gtest.h>

namespace imbrex::property {
namespace {

Analysis run(std::string_view id, const Scenario& scenario, const std::string& implementation) {
  AnalyzerOptions options = scenario.options();
  options.implementation = implementation;
  return analyze(id, options, *scenario.design, scenario.architecture, *scenario.cost);
}

constexpr std::string_view kClsa = "imbrex.overlap.clsa-cim";

void compare_everything(std::uint64_t first, std::uint64_t last, const ScenarioOptions& options) {
  std::size_t several = 0;
  for (std::uint64_t number = first; number < last; ++number) {
    const Scenario scenario = make_scenario(number, options);
    SCOPED_TRACE(scenario.description());
    const Analysis simulated = scenario.simulate();
    several += simulated.segments.size() > 1 ? 1 : 0;
    ASSERT_NO_FATAL_FAILURE(expect_same_timeline(run(kClsa, scenario, "explicit"), simulated));
    ASSERT_NO_FATAL_FAILURE(expect_same_timeline(run(kClsa, scenario, "auto"), simulated));
    ASSERT_NO_FATAL_FAILURE(
        expect_same_timeline(run("imbrex.overlap.pairwise", scenario, ""), simulated));
    ASSERT_NO_FATAL_FAILURE(
        expect_same_timeline(run("imbrex.overlap.fast-overlapim", scenario, ""), simulated));
    ASSERT_NO_FATAL_FAILURE(
        expect_same_timeline(run("imbrex.overlap.pipeorgan", scenario, ""), simulated));
    if (!options.delays && !options.random_mappings) {
      const Analysis maps = run(kClsa, scenario, "availability");
      ASSERT_EQ(maps.result.verdict, Verdict::feasible);
      ASSERT_EQ(maps.result.makespan_ps, simulated.result.makespan_ps);
    }
  }
  if (options.max_segments > 1) {
    EXPECT_GT(several, (last - first) / 4) << "the scenarios hardly have segments";
  }
}

TEST(SegmentsAgree, InEveryAnalyzerForBatches) {
  ScenarioOptions options;
  options.max_batch = 4;
  compare_everything(40000, 40300, options);
}

TEST(SegmentsAgree, InEveryAnalyzerForSegmentsWithOverheads) {
  ScenarioOptions options;
  options.max_segments = 4;
  compare_everything(41000, 41300, options);
}

TEST(SegmentsAgree, InEveryAnalyzerForSegmentsAndBatches) {
  ScenarioOptions options;
  options.max_segments = 4;
  options.max_batch = 4;
  compare_everything(42000, 42300, options);
}

TEST(SegmentsAgree, InEveryAnalyzerWithMovementAndTransferDelays) {
  ScenarioOptions options;
  options.max_segments = 4;
  options.max_batch = 3;
  options.delays = true;
  compare_everything(43000, 43200, options);
}

TEST(SegmentsAgree, InEveryAnalyzerForSearchedLoopNests) {
  ScenarioOptions options;
  options.max_segments = 3;
  options.max_batch = 3;
  options.delays = true;
  options.random_mappings = true;
  compare_everything(44000, 44200, options);
}

// Without delays the layers' own times and the overheads add up.
TEST(SegmentsAgree, LayerByLayerIsTheSumOfLayersAndOverheads) {
  ScenarioOptions options;
  options.max_segments = 4;
  options.max_batch = 4;
  for (std::uint64_t number = 45000; number < 45200; ++number) {
    const Scenario scenario = make_scenario(number, options);
    SCOPED_TRACE(scenario.description());
    const WorkGraph graph = scenario.work_graph();
    std::map<std::int32_t, std::int64_t> jobs_ps;
    for (const OperatorId op : graph.mapped()) {
      jobs_ps[scenario.design->placement(op).segment] += longest_server_ps(graph.order(op));
    }
    std::int64_t expected = 0;
    for (const auto& [segment, ps] : jobs_ps) {
      const SegmentOverhead& overhead = scenario.cost->overheads[static_cast<std::size_t>(segment)];
      expected += overhead.weight_load_ps + overhead.weight_write_ps + overhead.data_ps +
                  std::max({ps, overhead.external_ps, overhead.buffer_ps});
    }
    EXPECT_EQ(run("imbrex.overlap.layer-by-layer", scenario, "").result.makespan_ps, expected);
  }
}

std::int64_t first_start(const Analysis& analysis, OperatorId op) {
  std::int64_t start = analysis.result.makespan_ps;
  for (const TimedJob& job : analysis.jobs) {
    start = job.id == op ? std::min(start, job.start_ps) : start;
  }
  return start;
}

std::int64_t last_end(const Analysis& analysis, OperatorId op) {
  std::int64_t end = 0;
  for (const TimedJob& job : analysis.jobs) {
    end = job.id == op ? std::max(end, job.end_ps) : end;
  }
  return end;
}

// One core per unit, units counted from 0 in every segment.
std::map<OperatorId, Interval> cores_of(const Scenario& scenario) {
  std::map<OperatorId, Interval> cores;
  std::map<std::int32_t, std::int64_t> next;
  const WorkGraph graph = scenario.work_graph();
  for (const OperatorId op : graph.mapped()) {
    const Placement& placement = scenario.design->placement(op);
    const std::int64_t begin = next[placement.segment];
    next[placement.segment] = begin + placement.copies;
    cores[op] = {begin, begin + placement.copies};
  }
  return cores;
}

TEST(SegmentsOnResources, WritesACoreOnlyWhenItsLastJobHasEnded) {
  ScenarioOptions options;
  options.max_segments = 4;
  options.max_batch = 3;
  for (std::uint64_t number = 46000; number < 46200; ++number) {
    const Scenario scenario = make_scenario(number, options);
    SCOPED_TRACE(scenario.description());
    const Analysis analysis = scenario.simulate_resources();
    const auto cores = cores_of(scenario);
    for (const auto& [older, old_cores] : cores) {
      for (const auto& [newer, new_cores] : cores) {
        const std::int32_t segment = scenario.design->placement(newer).segment;
        if (scenario.design->placement(older).segment >= segment ||
            old_cores.intersect(new_cores).empty()) {
          continue;
        }
        const std::int64_t write_ps =
            scenario.cost->overheads[static_cast<std::size_t>(segment)].weight_write_ps;
        EXPECT_GE(first_start(analysis, newer), last_end(analysis, older) + write_ps);
      }
    }
  }
}

// External memory serves one request at a time, and nothing gets lost.
TEST(SegmentsOnResources, TakesAtLeastWhatEachResourceIsBusyAndNeverMoreThanEverythingInARow) {
  ScenarioOptions options;
  options.max_segments = 4;
  options.max_batch = 3;
  std::size_t shorter = 0;
  for (std::uint64_t number = 47000; number < 47300; ++number) {
    const Scenario scenario = make_scenario(number, options);
    SCOPED_TRACE(scenario.description());
    const Analysis barrier = scenario.simulate();
    const Analysis resources = scenario.simulate_resources();
    std::int64_t memory_ps = 0;
    std::int64_t buffer_ps = 0;
    std::int64_t everything_ps = 0;
    for (const SegmentOverhead& overhead : scenario.cost->overheads) {
      memory_ps += overhead.weight_load_ps;
      memory_ps += std::min(overhead.data_ps, overhead.load_bits + overhead.store_bits);
      memory_ps += overhead.external_ps;
      buffer_ps += overhead.buffer_ps;
      everything_ps += overhead.weight_load_ps + overhead.weight_write_ps + overhead.data_ps +
                       overhead.external_ps + overhead.buffer_ps;
    }
    for (const TimedJob& job : barrier.jobs) {
      everything_ps += job.end_ps - job.start_ps;
    }
    EXPECT_GE(resources.result.makespan_ps, std::max(memory_ps, buffer_ps));
    EXPECT_LE(resources.result.makespan_ps, everything_ps);
    EXPECT_EQ(resources.jobs.size(), barrier.jobs.size());
    shorter += resources.result.makespan_ps < barrier.result.makespan_ps ? 1 : 0;
  }
  EXPECT_GT(shorter, 100u);
}

TEST(SegmentsAgree, WhenBuffersHoldEverything) {
  ScenarioOptions options;
  options.max_segments = 4;
  options.max_batch = 3;
  for (std::uint64_t number = 50000; number < 50100; ++number) {
    const Scenario scenario = make_scenario(number, options);
    SCOPED_TRACE(scenario.description());
    ASSERT_NO_FATAL_FAILURE(
        expect_same_timeline(scenario.simulate(std::int64_t{1} << 40), scenario.simulate()));
  }
}

TEST(SegmentsOnResources, WithoutOverlapBetweenResourcesIsTheBarrier) {
  std::size_t compared = 0;
  // One sample, one segment, weights and data on the same memory: nothing can overlap but the bus,
  // which has nothing to do here.
  for (std::uint64_t number = 48000; number < 48200; ++number) {
    Scenario scenario = make_scenario(number, {});
    SegmentOverhead overhead;
    overhead.weight_load_ps = 17;
    overhead.weight_write_ps = 5;
    overhead.data_ps = 23;
    overhead.load_bits = 11;
    overhead.store_bits = 12;
    overhead.external_ps = number % 3 == 0 ? 400 : 0;
    overhead.buffer_ps = number % 5 == 0 ? 500 : 0;
    scenario.cost->overheads = {overhead};
    scenario.architecture.replacement.data_ps_per_bit = 1;
    SCOPED_TRACE(scenario.description());
    const WorkGraph graph = scenario.work_graph();
    if (graph.mapped().size() != 1) {
      continue;  // weights of several layers arrive one by one
    }
    ++compared;
    EXPECT_EQ(scenario.simulate_resources().result.makespan_ps,
              scenario.simulate().result.makespan_ps);
  }
  EXPECT_GT(compared, 10u);
}

TEST(WorkGraphOfASegment, RefusesALayerThatReadsWhatALaterSegmentMakes) {
  ScenarioOptions options;
  options.max_segments = 4;
  std::size_t refused = 0;
  for (std::uint64_t number = 49000; number < 49100; ++number) {
    const Scenario scenario = make_scenario(number, options);
    const std::vector<std::int32_t> numbers = segment_numbers(*scenario.design, *scenario.cost);
    Design reversed = *scenario.design;
    for (std::size_t i = 0; i < scenario.workload->operators().size(); ++i) {
      Placement& placement = reversed.placement(operator_id(i));
      placement.segment = numbers.back() - placement.segment;
    }
    const Analysis analysis =
        analyze(kClsa, scenario.options(), reversed, scenario.architecture, *scenario.cost);
    if (numbers.size() > 1 && analysis.result.verdict == Verdict::infeasible) {
      ++refused;
      EXPECT_NE(analysis.notes.at("infeasible").find("makes later"), std::string::npos);
    }
  }
  EXPECT_GT(refused, 25u);
}

}  // namespace
}  // namespace imbrex::property
