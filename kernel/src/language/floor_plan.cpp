#include <imbrex/plugin/error.hpp>
#include <imbrex/values/floor_plan.hpp>

#include <algorithm>
#include <string>

namespace imbrex {
namespace {

std::int32_t stage_of(const FloorPlan& plan, OperatorId id) noexcept {
  const auto found = std::find(plan.stages.begin(), plan.stages.end(), id);
  IMBREX_ASSERT(found != plan.stages.end());
  return static_cast<std::int32_t>(found - plan.stages.begin());
}

}  // namespace

const FloorPlan* floor_plan_of(const FloorPlans& plans, std::int32_t segment) noexcept {
  const auto found =
      std::lower_bound(plans.begin(), plans.end(), segment,
                       [](const FloorPlan& plan, std::int32_t s) { return plan.segment < s; });
  return found != plans.end() && found->segment == segment ? &*found : nullptr;
}

void add_flows(const FloorPlan& plan, const HandOver& hand_over, FlowSet& flows) {
  const std::int32_t producer = stage_of(plan, hand_over.producer);
  const auto elements =
      std::count(plan.layout.stage_of.begin(), plan.layout.stage_of.end(), producer);
  add_flows(plan.layout,
            {producer, stage_of(plan, hand_over.consumer), hand_over.pattern,
             static_cast<double>(hand_over.words) / static_cast<double>(elements)},
            flows);
}

LinkLoads link_loads(const Topology& topology, const FloorPlan& plan) {
  FlowSet flows;
  for (const HandOver& hand_over : plan.hand_overs) {
    add_flows(plan, hand_over, flows);
  }
  return route_flows(topology, flows);
}

Topology topology_of(const Architecture& architecture) {
  if (architecture.links.word_bits <= 0) {
    throw InputError(
        "architecture '" + std::string(architecture.name) +
        "' has no links between its elements; use one of an array of processing elements");
  }
  return {architecture.links.topology, static_cast<std::int32_t>(architecture.grid.rows),
          static_cast<std::int32_t>(architecture.grid.columns), architecture.links.express_length};
}

double link_energy_pj(const ElementLinks& links, const LinkLoads& loads) noexcept {
  return loads.word_pitches * links.wire_energy_pj_per_word +
         loads.word_links * links.router_energy_pj_per_word;
}

std::vector<std::int64_t> SpatialLayout::shares() const {
  IndexVector<std::int32_t, std::int64_t> counts(stages, 0);
  for (const std::int16_t stage : stage_of) {
    ++counts[stage];
  }
  return counts;
}

std::string SpatialLayout::text() const {
  const auto row_text = [this](std::int32_t row) {
    std::string line;
    for (std::int32_t c = 0; c < columns; ++c) {
      const std::int16_t stage = at(row, c);
      const int value = stage;
      line += value < 10 ? static_cast<char>('0' + value)
                         : (value < 36 ? static_cast<char>('a' + value - 10) : '?');
    }
    return line;
  };
  std::string result;
  for (std::int32_t row = 0; row < rows;) {
    const std::string line = row_text(row);
    std::int32_t end = row + 1;
    while (end < rows && row_text(end) == line) {
      ++end;
    }
    result += (result.empty() ? "" : "\n") + line;
    result += end - row > 1 ? " x" + std::to_string(end - row) : "";
    row = end;
  }
  return result;
}

}  // namespace imbrex
