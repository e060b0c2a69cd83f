// What the load tests share.
#pragma once

#include <imbrex/values/floor_plan.hpp>

#include <vector>

namespace imbrex {

namespace load_kit {
using Shares = std::vector<std::int64_t>;
using Period = std::vector<std::int16_t>;

// A chain of stages 0 -> 1 -> ..., and extra edges of the same pattern.
inline FlowSet chain_flows(const SpatialLayout& layout, FlowPattern pattern,
                           const std::vector<std::pair<int, int>>& skips = {}) {
  FlowSet flows;
  for (std::int32_t stage = 0; stage + 1 < layout.stages; ++stage) {
    add_flows(layout, {stage, stage + 1, pattern, 1}, flows);
  }
  for (const auto& [producer, consumer] : skips) {
    add_flows(layout, {producer, consumer, pattern, 1}, flows);
  }
  return flows;
}

// Loads of the unit links of one row eastwards (+1) or westwards (-1), left to right.
inline std::vector<double> row_loads(const Topology& topology, const LinkLoads& loads, int row,
                                     int way) {
  std::vector<double> result(static_cast<std::size_t>(topology.columns()) - 1, 0.0);
  for (std::size_t i = 0; i < topology.links().size(); ++i) {
    const Link& link = topology.links()[i];
    if (link.from / topology.columns() == row && link.to == link.from + way &&
        link.to / topology.columns() == row) {
      result[static_cast<std::size_t>(std::min(link.from, link.to) % topology.columns())] =
          loads.load[i];
    }
  }
  return result;
}

}  // namespace load_kit

}  // namespace imbrex
