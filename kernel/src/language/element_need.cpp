#include "language/element_need.hpp"

#include <algorithm>
#include <utility>

namespace imbrex {
namespace {

using Known = AxisNeed::Kind;
constexpr AxisNeed kSome{Known::some, 0};
constexpr AxisNeed kWhole{Known::whole, 0};

Interval image(const AxisRule& rule, std::int64_t first, std::int64_t last) noexcept {
  return apply_axis_rule(rule, {first, last + 1});
}

// Neighbours among the positions of the output leave nothing between what they need.
bool leaves_no_gap(const AxisRule& rule) noexcept {
  const std::int64_t step =
      std::max<std::int64_t>(0, ceil_div(rule.scale + rule.low - rule.high, rule.divisor));
  return rule.multiple >= 0 && rule.high >= rule.low && rule.multiple * step <= rule.extent;
}

// Every position of the output needs some coordinate within the operand.
bool always_inside(const AxisRule& rule, std::int64_t positions, std::int64_t extent) noexcept {
  return rule.multiple >= 0 && rule.high >= rule.low && image(rule, 0, 0).end > 0 &&
         image(rule, positions - 1, positions - 1).begin < extent;
}

bool holds_its_own(const AxisRule& rule) noexcept {
  return rule.scale == 1 && rule.divisor == 1 && rule.multiple == 1 && rule.low <= 0 &&
         rule.high + rule.extent >= 1;
}

std::optional<AxisNeed> behind_affine(const AxisRule& rule, std::int64_t positions,
                                      std::int64_t extent, const AxisNeed& output) noexcept {
  if (output.kind == Known::whole && leaves_no_gap(rule) &&
      image(rule, 0, positions - 1).contains({0, extent})) {
    return kWhole;
  }
  if (!always_inside(rule, positions, extent)) {
    return std::nullopt;
  }
  if (extent == 1) {
    return kWhole;
  }
  return holds_its_own(rule) && positions == extent ? output : kSome;
}

// The digits of one axis of the output that axes of the operand are; complete when every
// combination of them is a number along that axis, and every number a combination.
bool digits_are_complete(const BackwardMap& map, std::size_t output_axis) noexcept {
  std::int64_t product = 1;
  for (std::size_t axis = map.input_shape().rank; axis-- > 0;) {
    const AxisRule& rule = map.rule(axis);
    if (rule.kind != AxisRule::Kind::digit || rule.output_axis != output_axis) {
      continue;
    }
    if (rule.stride != product || rule.extent != map.input_shape()[axis]) {
      return false;
    }
    product *= rule.extent;
  }
  return product == map.output_shape()[output_axis];
}

std::optional<AxisNeed> behind_rule(const BackwardMap& map, std::size_t axis,
                                    const ElementNeed& output) noexcept {
  const AxisRule& rule = map.rule(axis);
  const std::int64_t extent = map.input_shape()[axis];
  switch (rule.kind) {
    case AxisRule::Kind::fixed: {
      const Interval read = Interval{rule.low, rule.high}.intersect({0, extent});
      if (read.empty()) {
        return std::nullopt;
      }
      return read.extent() == extent ? kWhole : kSome;
    }
    case AxisRule::Kind::affine:
      return behind_affine(rule, map.output_shape()[rule.output_axis], extent,
                           output.axis[rule.output_axis]);
    case AxisRule::Kind::merge: {
      std::int64_t product = 1;
      bool whole = true;
      for (std::size_t from = rule.output_axis; from <= rule.last_axis; ++from) {
        whole = whole && output.axis[from].kind == Known::whole;
        product *= map.output_shape()[from];
      }
      return whole && product == extent ? kWhole : kSome;
    }
    case AxisRule::Kind::digit:
      return output.axis[rule.output_axis].kind == Known::whole &&
                     digits_are_complete(map, rule.output_axis)
                 ? kWhole
                 : kSome;
  }
  return std::nullopt;
}

// Does the operand's axis follow this axis of the output?
bool follows(const AxisRule& rule, std::size_t output_axis) noexcept {
  if (rule.kind == AxisRule::Kind::fixed) {
    return false;
  }
  return rule.kind == AxisRule::Kind::merge
             ? rule.output_axis <= output_axis && output_axis <= rule.last_axis
             : rule.output_axis == output_axis;
}

// Two axes that follow one give a diagonal, unless they are its digits: then of all but the first
// nobody knows more than that something is needed.
void forget_diagonals(const BackwardMap& map, ElementNeed& need) noexcept {
  for (std::size_t from = 0; from < map.output_shape().rank; ++from) {
    std::size_t followers = 0;
    std::size_t digits = 0;
    for (std::size_t axis = 0; axis < need.rank; ++axis) {
      const bool here = map.input_shape()[axis] > 1 && follows(map.rule(axis), from);
      followers += here ? 1 : 0;
      digits += here && map.rule(axis).kind == AxisRule::Kind::digit ? 1 : 0;
      if (here && followers > 1 && !(digits == followers && digits_are_complete(map, from))) {
        need.axis[axis] = kSome;
      }
    }
  }
}

}  // namespace

bool ElementNeed::is_whole() const noexcept {
  return std::all_of(axis.begin(), axis.begin() + rank,
                     [](const AxisNeed& need) { return need.kind == Known::whole; });
}

int ElementNeed::known() const noexcept {
  int sum = 0;
  for (std::size_t i = 0; i < rank; ++i) {
    sum += static_cast<int>(axis[i].kind);
  }
  return sum;
}

ElementNeed same_element(const Shape& shape) noexcept {
  ElementNeed need = whole_tensor(shape);
  for (std::size_t axis = 0; axis < shape.rank; ++axis) {
    if (shape[axis] > 1) {
      need.axis[axis] = {Known::same, static_cast<std::uint8_t>(axis)};
    }
  }
  return need;
}

ElementNeed whole_tensor(const Shape& shape) noexcept {
  ElementNeed need;
  need.rank = shape.rank;
  need.axis.fill(kWhole);
  return need;
}

std::optional<ElementNeed> need_behind_movement(const BackwardMap& map,
                                                const ElementNeed& output) noexcept {
  ElementNeed need;
  need.rank = map.input_shape().rank;
  for (std::size_t axis = 0; axis < need.rank; ++axis) {
    const std::optional<AxisNeed> one = behind_rule(map, axis, output);
    if (!one) {
      return std::nullopt;
    }
    need.axis[axis] = *one;
  }
  forget_diagonals(map, need);
  return need;
}

// Along the axis that operands share out, the element's coordinate says which operand it is: it has
// to be one coordinate, whatever the others are.
std::optional<ElementNeed> need_behind_part(const BackwardMap& map,
                                            const ElementNeed& output) noexcept {
  ElementNeed need;
  need.rank = map.input_shape().rank;
  for (std::size_t axis = 0; axis < need.rank; ++axis) {
    const bool is_shared = map.input_shape()[axis] != map.output_shape()[axis];
    const std::optional<AxisNeed> one = is_shared ? std::nullopt : behind_rule(map, axis, output);
    if (is_shared ? output.axis[axis].kind != Known::same : !one) {
      return std::nullopt;
    }
    need.axis[axis] = one.value_or(map.input_shape()[axis] == 1 ? kWhole : kSome);
  }
  return need;
}

bool boxes_are_unions(const BackwardMap& map) noexcept {
  std::array<bool, kMaxRank> used{};
  for (std::size_t axis = 0; axis < map.input_shape().rank; ++axis) {
    const AxisRule& rule = map.rule(axis);
    if (rule.kind == AxisRule::Kind::fixed) {
      continue;
    }
    if (rule.kind != AxisRule::Kind::affine || !leaves_no_gap(rule) ||
        std::exchange(used[rule.output_axis], true)) {
      return false;
    }
  }
  return true;
}

}  // namespace imbrex
