// The overlap analyzers with any parameters, on the random scenarios of the property tests.
#pragma once

#include "clsa_fixture.hpp"
#include "scenario.hpp"

namespace imbrex::property {

inline Analysis analyze_with(std::string_view component, const Scenario& scenario,
                                  test::Settings settings = {}) {
  constexpr const char* kShapes[] = {"row", "rows", "block", "pixel", "layer"};
  settings.emplace_back("granularity",
                        std::string(kShapes[static_cast<std::size_t>(scenario.shape.kind)]));
  settings.emplace_back("rows", scenario.shape.height);
  settings.emplace_back("block",
                        std::vector<std::int64_t>{scenario.shape.height, scenario.shape.width});
  Context context;
  context.workload = scenario.workload.get();
  context.architecture = &scenario.architecture;
  context.cost = scenario.cost.get();
  context.host = &test::host();
  const auto analyzer =
      plugin::make_instance<OverlapAnalyzer>(test::configure(component, settings), context);
  test::Detail detail;
  Analysis analysis;
  const Design* const designs[] = {scenario.design.get()};
  analyzer->analyze(analyzer->request(), designs, {&analysis.result, 1}, &detail);
  analysis.jobs = std::move(detail.jobs);
  analysis.statistics.insert(detail.statistics.begin(), detail.statistics.end());
  analysis.notes.insert(detail.notes.begin(), detail.notes.end());
  return analysis;
}

inline constexpr std::string_view kFast = "imbrex.overlap.fast-overlapim";
inline constexpr std::string_view kPairwise = "imbrex.overlap.pairwise";

}  // namespace imbrex::property
