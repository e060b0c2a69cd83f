// Everything that changes a time is in the graph of work orders: whatever decisions a design holds,
// all analyzers see them and give the simulator's times (design, section 2a). Random networks on a
// cost model with free choice of every number; real cost models are in real_machines_test.cpp.
#include "expect_timeline.hpp"
#include "scenario.hpp"

#include <algorithm>
#include <utility>

namespace imbrex::property {
namespace {

struct Analyzer {
  std::string_view id;
  std::string implementation;
};
const Analyzer kAnalyzers[] = {{"imbrex.overlap.clsa-cim", "explicit"},
                               {"imbrex.overlap.clsa-cim", "auto"},
                               {"imbrex.overlap.pairwise", ""},
                               {"imbrex.overlap.fast-overlapim", ""},
                               {"imbrex.overlap.pipeorgan", ""}};

Analysis run(const Analyzer& analyzer, const Scenario& scenario, bool links) {
  AnalyzerOptions options = scenario.options();
  options.implementation = analyzer.implementation;
  options.links = links ? 1 : 0;
  return analyze(analyzer.id, options, *scenario.design, scenario.architecture, *scenario.cost);
}

Analysis simulate(const Scenario& scenario, bool links) {
  return run({"imbrex.overlap.simulator", ""}, scenario, links);
}

// Without links every analyzer is exact; with links as rates all of them are the same estimate.
void compare_everything(std::uint64_t first, std::uint64_t last, const ScenarioOptions& options) {
  std::size_t dealt = 0;
  std::size_t lengthened = 0;
  std::size_t waited = 0;
  for (std::uint64_t number = first; number < last; ++number) {
    const Scenario scenario = make_scenario(number, options);
    SCOPED_TRACE(scenario.description());
    dealt += scenario.dealt > 0 ? 1 : 0;
    const Analysis simulated = simulate(scenario, false);
    const Analysis rates = run(kAnalyzers[0], scenario, true);
    for (const Analyzer& analyzer : kAnalyzers) {
      SCOPED_TRACE(analyzer.id);
      ASSERT_NO_FATAL_FAILURE(expect_same_timeline(run(analyzer, scenario, false), simulated));
      if (options.floor_plans) {
        ASSERT_NO_FATAL_FAILURE(expect_same_timeline(run(analyzer, scenario, true), rates));
      }
    }
    const Analysis sequential = run({"imbrex.overlap.layer-by-layer", ""}, scenario, false);
    ASSERT_NO_FATAL_FAILURE(expect_never_early(sequential, simulated));
    lengthened += rates.result.makespan_ps > simulated.result.makespan_ps ? 1 : 0;
    ASSERT_GE(rates.result.makespan_ps, simulated.result.makespan_ps);
    waited += simulated.jobs.size() > 1 ? 1 : 0;
  }
  EXPECT_GT(waited, (last - first) / 2);
  if (options.dealt_orders) {
    EXPECT_GT(dealt, (last - first) / 4) << "hardly any jobs are dealt anew";
  }
  if (options.floor_plans) {
    EXPECT_GT(lengthened, (last - first) / 3) << "links hardly matter";
  }
}

TEST(OneLanguage, JobsDealtAnew) {
  ScenarioOptions options;
  options.dealt_orders = true;
  compare_everything(80000, 80400, options);
}

TEST(OneLanguage, JobsDealtAnewWithMovesMergesAndDelays) {
  ScenarioOptions options;
  options.dealt_orders = true;
  options.delays = true;
  options.random_mappings = true;
  compare_everything(81000, 81800, options);
}

TEST(OneLanguage, FloorPlansWithLinks) {
  ScenarioOptions options;
  options.floor_plans = true;
  compare_everything(82000, 82400, options);
}

TEST(OneLanguage, FloorPlansOfSeveralSegmentsAndBatches) {
  ScenarioOptions options;
  options.floor_plans = true;
  options.random_mappings = true;
  options.delays = true;
  options.max_segments = 3;
  options.max_batch = 3;
  compare_everything(83000, 83600, options);
}

TEST(OneLanguage, Chains) {
  ScenarioOptions options;
  options.chains = true;
  options.delays = true;
  options.random_mappings = true;
  compare_everything(84000, 84500, options);
}

TEST(OneLanguage, EverythingAtOnce) {
  ScenarioOptions options;
  options.dealt_orders = true;
  options.floor_plans = true;
  options.chains = true;
  options.random_mappings = true;
  options.delays = true;
  options.max_segments = 3;
  compare_everything(85000, 85800, options);
}

// Every row waits until the row before is usable: the same design without chains ends no later, and
// where completion takes time earlier.
TEST(OneLanguage, ChainsWaitForCompletion) {
  ScenarioOptions options;
  options.chains = true;
  options.delays = true;
  std::size_t later = 0;
  for (std::uint64_t number = 86000; number < 86200; ++number) {
    const Scenario chained = make_scenario(number, options);
    for (auto& [op, clock] : chained.cost->clocks) {
      clock.completion_ps = 5;
    }
    SCOPED_TRACE(chained.description());
    GraphSpec graph = chained.graph;
    for (Node& node : graph.nodes) {
      node.row_chain = false;
    }
    const auto free = std::make_shared<const Workload>(build_workload(graph));
    Design design(free);
    for (std::size_t i = 0; i < free->operators().size(); ++i) {
      design.placement(operator_id(i)) = chained.design->placement(operator_id(i));
      design.mapping(operator_id(i)) = chained.design->mapping(operator_id(i));
    }
    const Analysis without = analyze("imbrex.overlap.simulator", chained.options(), design,
                                     chained.architecture, *chained.cost);
    const Analysis with = simulate(chained, false);
    ASSERT_GE(with.result.makespan_ps, without.result.makespan_ps);
    later += with.result.makespan_ps > without.result.makespan_ps ? 1 : 0;
  }
  EXPECT_GT(later, 100u);
}

}  // namespace
}  // namespace imbrex::property
