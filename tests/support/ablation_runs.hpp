// The recipes of configs/ablations on any network, and what other analyzers make of the designs.
#pragma once

#include "analyze_one.hpp"
#include "built_components.hpp"
#include "recipe/plan.hpp"
#include "run/runner.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace imbrex::test {

// `recipe`: "fast-overlapim/best-original".
inline run::RunOutcome run_ablation(const std::string& recipe, const std::string& network,
                                    std::vector<std::string> overrides = {}) {
  static plugin::HostServices services{plugin::HostOptions{}};
  const std::string configs = std::string(IMBREX_SOURCE_DIR) + "/configs/";
  overrides.push_back("workload.file=" + configs + "workloads/" + network + ".toml");
  const recipe::ResolvedPlan plan =
      recipe::resolve({configs + "ablations/" + recipe + ".toml", overrides}, registry());
  return run::run_plan(plan, registry(), services);
}

// On the hardware of the run. Any verdict but feasible fails the test.
inline std::int64_t makespan_ps(const run::RunOutcome& outcome, std::string_view analyzer,
                                const Design& of, const Settings& settings = {}) {
  const auto instance = make<OverlapAnalyzer>(analyzer, settings, outcome.machine->context(host()));
  const OverlapResult result = analyze_one(*instance, of);
  EXPECT_EQ(result.verdict, Verdict::feasible) << analyzer;
  return result.makespan_ps;
}

// Of the run's own design.
inline std::int64_t makespan_ps(const run::RunOutcome& outcome, std::string_view analyzer) {
  return makespan_ps(outcome, analyzer, *outcome.design);
}

}  // namespace imbrex::test
