// The overlap analyzers with any parameters, on the random scenarios of the property tests.
#pragma once

#include "scenario.hpp"

namespace imbrex::property {

inline Analysis analyze_with(std::string_view component, const Scenario& scenario,
                             test::Settings settings = {}) {
  for (const auto& setting : settings_of(scenario.options())) {
    settings.push_back(setting);
  }
  return analyze(component, settings, *scenario.design, scenario.architecture, *scenario.cost);
}

inline constexpr std::string_view kFast = "imbrex.overlap.fast-overlapim";
inline constexpr std::string_view kPairwise = "imbrex.overlap.pairwise";

}  // namespace imbrex::property
