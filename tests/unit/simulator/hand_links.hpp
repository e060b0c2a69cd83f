// Networks of hand_network.hpp on floor plans of one row. Unless said otherwise layers are 1 x 1
// convolutions of 4 x 4 positions: a job is a row of 4 ps, its packet 4 words at 1 word per ps, and
// a hop takes 1 ps.
#pragma once

#include "hand_network.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace imbrex::property {

using Times = std::vector<std::array<std::int64_t, 2>>;

inline Times times(const HandNetwork& network, const Analysis& analysis, std::string_view name) {
  Times result;
  for (const TimedJob& job : analysis.jobs) {
    if (job.id == network.find(name)) {
      result.push_back({job.start_ps, job.end_ps});
    }
  }
  return result;
}

// Elements in one row, each working for the named layer.
inline FloorPlan row_of(const HandNetwork& network, const std::vector<std::string>& elements,
                        std::int32_t segment = 0) {
  FloorPlan plan;
  plan.segment = segment;
  plan.layout.rows = 1;
  plan.layout.columns = plan.layout.cell_columns = static_cast<std::int32_t>(elements.size());
  for (const std::string& name : elements) {
    const OperatorId id = network.find(name);
    const auto known = std::find(plan.stages.begin(), plan.stages.end(), id);
    plan.layout.stage_of.push_back(static_cast<std::int16_t>(known - plan.stages.begin()));
    if (known == plan.stages.end()) {
      plan.stages.push_back(id);
    }
  }
  plan.layout.stages = static_cast<std::int32_t>(plan.stages.size());
  return plan;
}

inline void hand_over(const HandNetwork& network, FloorPlan& plan, std::string_view from,
                      std::string_view to, std::int64_t words = 16,
                      FlowPattern pattern = FlowPattern::one_to_one) {
  HandOver result;
  result.producer = network.find(from);
  result.consumer = network.find(to);
  result.pattern = pattern;
  result.words = words;
  plan.hand_overs.push_back(result);
}

inline void use_links(HandNetwork& network, FloorPlans plans, double words_per_ps = 1,
                      std::int64_t hop_ps = 1) {
  network.architecture.grid = {plans.front().layout.rows, plans.front().layout.columns};
  network.architecture.links.word_bits = 8;
  network.architecture.links.words_per_ps = words_per_ps;
  network.architecture.links.hop_ps = hop_ps;
  network.design->set_floor_plans(std::move(plans));
}

inline Analysis simulate(const HandNetwork& network, AnalyzerOptions options = {}) {
  options.shape = network.shape;
  return analyze("imbrex.overlap.simulator", options, *network.design, network.architecture,
                 *network.cost);
}

inline HandNetwork layers(const std::vector<std::string>& names) {
  WorkloadBuilder builder("layers");
  TensorId last = builder.input("input", {4, {1, 1, 4, 4, 1, 1}});
  for (const std::string& name : names) {
    last = same_convolution(builder, name, last, 1, 1);
  }
  return HandNetwork(builder.finish());
}

inline HandNetwork neighbours(double words_per_ps = 1, std::int64_t hop_ps = 1) {
  HandNetwork network = layers({"A", "B"});
  FloorPlan plan = row_of(network, {"A", "B"});
  hand_over(network, plan, "A", "B");
  use_links(network, {plan}, words_per_ps, hop_ps);
  return network;
}

}  // namespace imbrex::property
