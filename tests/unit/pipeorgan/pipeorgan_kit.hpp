// Runs of configs/recipes/ritnet-pipeorgan.toml with other networks and parameters.
#pragma once

#include "analyze_one.hpp"
#include "clsa_fixture.hpp"
#include "recipe/load_recipe.hpp"
#include "run/runner.hpp"

#include <imbrex/plugin/error.hpp>

#include <gtest/gtest.h>

namespace imbrex::pipeorgan_test {

using test::Settings;

inline run::RunOutcome run(const std::string& network, std::vector<std::string> overrides = {}) {
  static plugin::HostServices services{plugin::HostOptions{}};
  overrides.push_back("workload.file=" + network);
  const recipe::ResolvedPlan plan = recipe::resolve(
      {IMBREX_SOURCE_DIR "/configs/recipes/ritnet-pipeorgan.toml", overrides}, test::registry());
  return run::run_plan(plan, test::registry(), services);
}

inline std::string xrbench(const std::string& name) {
  return IMBREX_SOURCE_DIR "/configs/workloads/xrbench-" + name + ".toml";
}

// Of the three levels; registers are not limited.
inline std::string rates(const std::string& external, const std::string& buffer) {
  return std::string("[").append(external).append(", ").append(buffer).append(", 0.0]");
}

// `machine`: whose architecture counts; the outcome's own where null.
inline OverlapResult analyze(const run::RunOutcome& outcome, std::string_view analyzer,
                             const Settings& settings = {},
                             const run::BoundMachine* machine = nullptr) {
  const run::BoundMachine& used = machine == nullptr ? *outcome.machine : *machine;
  const auto instance = test::make<OverlapAnalyzer>(analyzer, settings, used.context(test::host()));
  const OverlapResult result = test::analyze_one(*instance, *outcome.design);
  EXPECT_EQ(result.verdict, Verdict::feasible) << analyzer;
  return result;
}

// A fact of the partitioner, the first stage.
template <class T>
T fact(const run::RunOutcome& outcome, std::string_view name) {
  for (const auto& [key, value] : outcome.result.stages.at(0).facts) {
    if (key == name) {
      return std::get<T>(value);
    }
  }
  throw std::out_of_range("no fact " + std::string(name));
}

// Links that cost nothing.
inline const Settings kNoLinks{{"links", false}};

}  // namespace imbrex::pipeorgan_test
