#include "run/floor_plan_admission.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace imbrex::run {
namespace {

using Fault = std::optional<std::string>;

Fault stage_fault(const Design& design, const BoundMachine& machine, const FloorPlan& plan) {
  if (plan.stages.empty()) {
    return fmt::format("the floor plan of segment {} has no stages", plan.segment);
  }
  const std::size_t operators = design.workload().operators().size();
  for (std::size_t i = 0; i < plan.stages.size(); ++i) {
    const OperatorId op = plan.stages[i];
    if (index(op) >= operators || !machine.cost().demand(op).mappable) {
      return fmt::format("stage {} of the floor plan of segment {} is not a mapped operator", i,
                         plan.segment);
    }
    const std::string& name = design.workload().at(op).name;
    if (design.placement(op).segment != plan.segment) {
      return fmt::format("the floor plan of segment {} has '{}' as a stage, which is in segment {}",
                         plan.segment, name, design.placement(op).segment);
    }
    if (std::find(plan.stages.begin(), plan.stages.begin() + static_cast<std::ptrdiff_t>(i), op) !=
        plan.stages.begin() + static_cast<std::ptrdiff_t>(i)) {
      return fmt::format("the floor plan of segment {} has '{}' as a stage twice", plan.segment,
                         name);
    }
  }
  return std::nullopt;
}

Fault layout_fault(const FloorPlan& plan, const TileGridShape& grid) {
  const SpatialLayout& layout = plan.layout;
  if (layout.rows < 1 || layout.columns < 1 || layout.rows > grid.rows ||
      layout.columns > grid.columns) {
    return fmt::format("the floor plan of segment {} is {} x {} elements; the array has {} x {}",
                       plan.segment, layout.rows, layout.columns, grid.rows, grid.columns);
  }
  const auto stages = static_cast<std::int32_t>(plan.stages.size());
  if (layout.stages != stages ||
      layout.stage_of.size() !=
          static_cast<std::size_t>(layout.rows) * static_cast<std::size_t>(layout.columns) ||
      layout.kind > LayoutKind::folded_stripes || layout.cell_rows < 1 || layout.cell_columns < 0) {
    return fmt::format("the layout of segment {} is not one of {} stages on {} x {} elements",
                       plan.segment, stages, layout.rows, layout.columns);
  }
  const auto outside =
      std::find_if(layout.stage_of.begin(), layout.stage_of.end(),
                   [&](std::int16_t stage) { return stage < 0 || stage >= stages; });
  if (outside != layout.stage_of.end()) {
    return fmt::format("an element of the floor plan of segment {} works for stage {} of {}",
                       plan.segment, *outside, stages);
  }
  return std::nullopt;
}

Fault hand_over_fault(const FloorPlan& plan, const HandOver& hand_over) {
  const auto is_stage = [&](OperatorId op) {
    return std::find(plan.stages.begin(), plan.stages.end(), op) != plan.stages.end();
  };
  if (!is_stage(hand_over.producer) || !is_stage(hand_over.consumer)) {
    return fmt::format("a hand-over of segment {} is not between two of its stages", plan.segment);
  }
  if (hand_over.words < 0 || hand_over.buffer_words < 0 || hand_over.intervals < 1 ||
      hand_over.pattern > FlowPattern::global_buffer) {
    return fmt::format(
        "a hand-over of segment {} has {} words in {} intervals with {} words of buffer; words "
        "must be at least 0, intervals at least 1",
        plan.segment, hand_over.words, hand_over.intervals, hand_over.buffer_words);
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> floor_plan_fault(const Design& design, const BoundMachine& machine) {
  std::int32_t before = -1;
  for (const FloorPlan& plan : design.floor_plans()) {
    if (plan.segment <= before) {
      return fmt::format(
          "the floor plan of segment {} follows that of segment {}; they must ascend", plan.segment,
          before);
    }
    before = plan.segment;
    if (Fault fault = stage_fault(design, machine, plan)) {
      return fault;
    }
    if (Fault fault = layout_fault(plan, machine.architecture().grid)) {
      return fault;
    }
    for (const HandOver& hand_over : plan.hand_overs) {
      if (Fault fault = hand_over_fault(plan, hand_over)) {
        return fault;
      }
    }
  }
  return std::nullopt;
}

}  // namespace imbrex::run
