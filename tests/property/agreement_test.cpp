// The analyzers against the simulator, job by job (specification clsa-cim section 11.1, O1 and O3).
// The simulator itself is checked in flood_test.cpp.
#include "expect_timeline.hpp"
#include "scenario.hpp"

#include <gtest/gtest.h>

namespace imbrex::property {
namespace {

constexpr std::string_view kClsa = "imbrex.overlap.clsa-cim";

Analysis clsa(const Scenario& scenario, const std::string& implementation) {
  AnalyzerOptions options = scenario.options();
  options.implementation = implementation;
  return analyze(kClsa, options, *scenario.design, scenario.architecture, *scenario.cost);
}

void compare_everything(std::uint64_t first, std::uint64_t last, const ScenarioOptions& options,
                        bool availability_applies) {
  for (std::uint64_t number = first; number < last; ++number) {
    const Scenario scenario = make_scenario(number, options);
    SCOPED_TRACE(scenario.description());
    const Analysis simulated = scenario.simulate();
    ASSERT_NO_FATAL_FAILURE(expect_same_timeline(clsa(scenario, "explicit"), simulated));
    ASSERT_NO_FATAL_FAILURE(expect_same_timeline(clsa(scenario, "auto"), simulated));
    if (availability_applies) {
      const Analysis maps = clsa(scenario, "availability");
      ASSERT_EQ(maps.result.verdict, Verdict::feasible);
      ASSERT_EQ(maps.result.makespan_ps, simulated.result.makespan_ps);
    }
  }
}

TEST(Agreement, ExplicitGraphAndAvailabilityMapsGiveTheSimulatorsTimes) {
  compare_everything(0, 1500, {}, true);
}

TEST(Agreement, HoldsWhenEveryPositionTakesOneCycle) {
  ScenarioOptions options;
  options.unit_durations = true;
  compare_everything(10000, 10300, options, true);
}

TEST(Agreement, HoldsWithMovementAndTransferDelays) {
  ScenarioOptions options;
  options.delays = true;
  compare_everything(20000, 20500, options, false);
}

TEST(Agreement, HoldsForSearchedLoopNestsInAndOutOfLockStep) {
  ScenarioOptions options;
  options.random_mappings = true;
  options.delays = true;
  compare_everything(30000, 30500, options, false);
}

}  // namespace
}  // namespace imbrex::property
