// Runs of configs/recipes/ritnet-pipeorgan.toml with other networks and parameters.
#pragma once

#include "clsa_fixture.hpp"
#include "recipe/load_recipe.hpp"
#include "run/runner.hpp"

#include <imbrex/error.hpp>

#include <gtest/gtest.h>

namespace imbrex::pipeorgan_test {

using test::Settings;

inline RunOutcome run(const std::string& network, std::vector<std::string> overrides = {}) {
  static HostServices services{HostOptions{}};
  overrides.push_back("workload.file=" + network);
  const ResolvedPlan plan = resolve(
      {IMBREX_SOURCE_DIR "/configs/recipes/ritnet-pipeorgan.toml", overrides}, test::registry());
  return run_plan(plan, test::registry(), services);
}

inline std::string xrbench(const std::string& name) {
  return IMBREX_SOURCE_DIR "/configs/workloads/xrbench-" + name + ".toml";
}

inline OverlapResult analyze(const RunOutcome& outcome, std::string_view analyzer,
                             const Settings& settings = {}) {
  const auto instance = make_instance<OverlapAnalyzer>(test::configure(analyzer, settings),
                                                       outcome.machine->context(test::host()));
  const Design* const design = outcome.design.get();
  OverlapResult result;
  instance->analyze({&design, 1}, {&result, 1}, nullptr);
  EXPECT_EQ(result.verdict, Verdict::feasible) << analyzer;
  return result;
}

// A fact of the partitioner, the first stage.
template <class T>
T fact(const RunOutcome& outcome, std::string_view name) {
  for (const auto& [key, value] : outcome.result.stages.at(0).facts) {
    if (key == name) {
      return std::get<T>(value);
    }
  }
  throw std::out_of_range("no fact " + std::string(name));
}

inline const Settings kUnlimited{
    {"link_words_per_cycle", 0.0}, {"buffer_words_per_cycle", 0.0}, {"dram_words_per_cycle", 0.0}};

}  // namespace imbrex::pipeorgan_test
