// A map per element answers for a region with the maximum over the region's elements; the explicit
// graph asks for the box that the backward map gives. The two agree when every input axis follows
// its own output axis and neighbouring elements need overlapping or touching cells. Everything else
// is either whole-only or refused.
#include "axis_plan.hpp"

namespace imbrex::clsa {
namespace {

using Kind = AxisRule::Kind;

// What the element at `position` of an output axis needs of one input axis.
Interval needs(const BackwardMap& map, std::size_t input_axis, std::size_t output_axis,
               std::int64_t position) noexcept {
  Region region = Region::whole(map.output_shape());
  region.axis[output_axis] = {position, position + 1};
  return map.apply(region).axis[input_axis];
}

Interval whole_needs(const BackwardMap& map, std::size_t input_axis) noexcept {
  return map.apply(Region::whole(map.output_shape())).axis[input_axis];
}

AxisPlan constant_plan(const IndexRange& cells) {
  return {-1, {{0, cells}}};
}

bool is_shift(const AxisRule& rule) noexcept {
  return rule.scale == 1 && rule.divisor == 1 && rule.multiple == 1 && rule.extent == 1 &&
         rule.low == rule.high;
}

// input = output + offset: the input's cuts, moved and clipped, and nothing outside of the input.
AxisPlan shifted_plan(const AvailabilityMap& input, std::size_t axis, std::int64_t offset,
                      std::size_t output_axis, std::int64_t output_extent) {
  AxisPlan plan{static_cast<int>(output_axis), {}};
  const std::vector<std::int64_t>& cuts = input.cuts[axis];
  if (-offset > 0) {
    plan.pieces.push_back({0, {}});
  }
  for (std::int64_t cell = 0; cell < input.cells(axis); ++cell) {
    const std::size_t c = static_cast<std::size_t>(cell);
    const Interval at =
        Interval{cuts[c] - offset, cuts[c + 1] - offset}.intersect({0, output_extent});
    if (!at.empty()) {
      plan.pieces.push_back({at.begin, {cell, cell + 1}});
    }
  }
  const std::int64_t end = cuts.back() - offset;
  if (end < output_extent) {
    plan.pieces.push_back({end > 0 ? end : 0, {}});
  }
  return plan;
}

// Any monotone rule, position by position; false when an element between two others needs nothing
// that touches theirs, so that a box would hold more than its elements.
bool stepped_plan(const BackwardMap& map, const AvailabilityMap& input, std::size_t axis,
                  AxisPlan& plan) {
  const std::size_t output_axis = static_cast<std::size_t>(plan.follows);
  IndexRange last;
  for (std::int64_t y = 0; y < map.output_shape()[output_axis]; ++y) {
    const IndexRange cells = input.cells_meeting(axis, needs(map, axis, output_axis, y));
    if (!cells.empty()) {
      if (!last.empty() &&
          (cells.begin < last.begin || cells.end < last.end || cells.begin > last.end)) {
        return false;
      }
      last = cells;
    }
    const bool same =
        !plan.pieces.empty() &&
        ((plan.pieces.back().cells.empty() && cells.empty()) || plan.pieces.back().cells == cells);
    if (!same) {
      plan.pieces.push_back({y, cells});
    }
  }
  return true;
}

bool affine_plan(const BackwardMap& map, const AvailabilityMap& input, std::size_t axis,
                 AxisPlan& plan) {
  const AxisRule& rule = map.rule(axis);
  const std::size_t output_axis = rule.output_axis;
  const std::int64_t extent = map.output_shape()[output_axis];
  // One cell, met by the first and the last element, is met by all between: rules are monotone, and
  // with high >= low no element needs nothing.
  if (input.cells(axis) == 1 && rule.high >= rule.low &&
      !needs(map, axis, output_axis, 0).empty() &&
      !needs(map, axis, output_axis, extent - 1).empty()) {
    plan = constant_plan({0, 1});
    return true;
  }
  if (is_shift(rule)) {
    plan = shifted_plan(input, axis, rule.low, output_axis, extent);
    return true;
  }
  plan.follows = static_cast<int>(output_axis);
  return stepped_plan(map, input, axis, plan);
}

void mark_whole_only(const AxisRule& rule, std::array<bool, kMaxRank>& whole_only) noexcept {
  const std::size_t last = rule.kind == Kind::merge ? rule.last_axis : rule.output_axis;
  for (std::size_t axis = rule.output_axis; axis <= last; ++axis) {
    whole_only[axis] = true;
  }
}

}  // namespace

std::optional<InputPlan> plan_input(const BackwardMap& map, const AvailabilityMap& input,
                                    std::array<bool, kMaxRank>& whole_only, std::string& obstacle) {
  InputPlan plan;
  std::array<int, kMaxRank> followers{};
  for (std::size_t axis = 0; axis < input.shape.rank; ++axis) {
    const AxisRule& rule = map.rule(axis);
    const Interval whole = whole_needs(map, axis);
    if (input.whole_only[axis] && whole != Interval{0, input.shape[axis]}) {
      obstacle = "it needs a part of data that a reshape has spread over its axes";
      return std::nullopt;
    }
    const bool mixes = rule.kind == Kind::digit || rule.kind == Kind::merge;
    if (rule.kind == Kind::fixed || (mixes && !input.whole_only[axis] && input.cells(axis) == 1)) {
      plan[axis] = constant_plan(input.cells_meeting(axis, whole));
    } else if (mixes || input.whole_only[axis]) {
      plan[axis] = constant_plan(input.cells_meeting(axis, whole));
      mark_whole_only(rule, whole_only);
    } else if (!affine_plan(map, input, axis, plan[axis])) {
      obstacle = "its stride is larger than its window, so a region has holes";
      return std::nullopt;
    }
    if (plan[axis].follows >= 0 && ++followers[static_cast<std::size_t>(plan[axis].follows)] > 1) {
      whole_only[static_cast<std::size_t>(plan[axis].follows)] = true;
    }
  }
  return plan;
}

void reduce_to_whole(const BackwardMap& map, const AvailabilityMap& input,
                     const std::array<bool, kMaxRank>& whole_only, InputPlan& plan) {
  for (std::size_t axis = 0; axis < input.shape.rank; ++axis) {
    if (plan[axis].follows >= 0 && whole_only[static_cast<std::size_t>(plan[axis].follows)]) {
      plan[axis] = constant_plan(input.cells_meeting(axis, whole_needs(map, axis)));
    }
  }
}

}  // namespace imbrex::clsa
