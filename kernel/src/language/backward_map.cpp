// Evaluates the rules of a backward map, and builds the maps whose rules follow from shapes alone.
#include <imbrex/plugin/error.hpp>
#include <imbrex/values/backward_map.hpp>

namespace imbrex {
namespace {

Interval apply_affine(const AxisRule& rule, const Interval& output) noexcept {
  const std::int64_t first = floor_div(output.begin * rule.scale + rule.low, rule.divisor);
  const std::int64_t last = floor_div((output.end - 1) * rule.scale + rule.high, rule.divisor);
  return {first * rule.multiple, last * rule.multiple + rule.extent};
}

// Hull of the row-major flat indices of a box: its first and last corner.
Interval apply_merge(const AxisRule& rule, const Region& output, const Shape& shape) noexcept {
  std::int64_t first = 0;
  std::int64_t last = 0;
  for (std::size_t axis = rule.output_axis; axis <= rule.last_axis; ++axis) {
    first = first * shape[axis] + output.axis[axis].begin;
    last = last * shape[axis] + output.axis[axis].end - 1;
  }
  return {first, last + 1};
}

// A digit that wraps passes through radix-1 and 0, so its hull is the whole axis.
Interval apply_digit(const AxisRule& rule, const Interval& output) noexcept {
  const std::int64_t first = output.begin / rule.stride;
  const std::int64_t last = (output.end - 1) / rule.stride;
  if (first / rule.extent != last / rule.extent) {
    return {0, rule.extent};
  }
  return {first % rule.extent, last % rule.extent + 1};
}

}  // namespace

Interval apply_axis_rule(const AxisRule& rule, const Interval& output) noexcept {
  IMBREX_ASSERT(rule.kind == AxisRule::Kind::fixed || rule.kind == AxisRule::Kind::affine);
  return rule.kind == AxisRule::Kind::fixed ? Interval{rule.low, rule.high}
                                            : apply_affine(rule, output);
}

BackwardMap::BackwardMap(const Shape& input, const Shape& output, std::span<const AxisRule> rules,
                         Exactness exactness)
    : input_(input), output_(output), exactness_(exactness) {
  IMBREX_ASSERT(rules.size() == input.rank);
  for (std::size_t axis = 0; axis < rules.size(); ++axis) {
    const AxisRule& rule = rules[axis];
    if (rule.kind != AxisRule::Kind::fixed) {
      IMBREX_ASSERT(rule.output_axis < output.rank);
      IMBREX_ASSERT(rule.scale >= 0 && rule.divisor > 0 && rule.stride > 0 && rule.extent > 0);
    }
    if (rule.kind == AxisRule::Kind::merge) {
      IMBREX_ASSERT(rule.output_axis <= rule.last_axis && rule.last_axis < output.rank);
    }
    rules_[axis] = rule;
  }
}

Region BackwardMap::apply(const Region& output) const noexcept {
  Region result = Region::whole(input_);
  const bool nothing_asked = output.empty();
  for (std::size_t axis = 0; axis < input_.rank; ++axis) {
    const AxisRule& rule = rules_[axis];
    Interval needed;
    if (nothing_asked) {
      result.axis[axis] = needed;
      continue;
    }
    switch (rule.kind) {
      case AxisRule::Kind::fixed:
        needed = {rule.low, rule.high};
        break;
      case AxisRule::Kind::affine:
        needed = apply_affine(rule, output.axis[rule.output_axis]);
        break;
      case AxisRule::Kind::merge:
        needed = apply_merge(rule, output, output_);
        break;
      case AxisRule::Kind::digit:
        needed = apply_digit(rule, output.axis[rule.output_axis]);
        break;
    }
    result.axis[axis] = needed.intersect(result.axis[axis]);
  }
  return result;
}

BackwardMap elementwise_map(const Shape& input, const Shape& output) {
  IMBREX_ASSERT(input.rank <= output.rank);
  std::array<AxisRule, kMaxRank> rules;
  const std::size_t missing = std::size_t{output.rank} - input.rank;
  for (std::size_t axis = 0; axis < input.rank; ++axis) {
    const bool broadcast = input[axis] == 1;
    IMBREX_ASSERT(broadcast || input[axis] == output[axis + missing]);
    rules[axis] = broadcast ? whole_axis(1) : shifted_axis(axis + missing, 0);
  }
  return {input, output, std::span(rules).first(input.rank), Exactness::exact};
}

BackwardMap whole_map(const Shape& input, const Shape& output, Exactness exactness) {
  std::array<AxisRule, kMaxRank> rules;
  for (std::size_t axis = 0; axis < input.rank; ++axis) {
    rules[axis] = whole_axis(input[axis]);
  }
  return {input, output, std::span(rules).first(input.rank), exactness};
}

BackwardMap transpose_map(const Shape& input, const Shape& output,
                          std::span<const std::int64_t> permutation) {
  IMBREX_ASSERT(permutation.size() == input.rank && input.rank == output.rank);
  std::array<AxisRule, kMaxRank> rules;
  for (std::size_t axis = 0; axis < permutation.size(); ++axis) {
    rules[static_cast<std::size_t>(permutation[axis])] = shifted_axis(axis, 0);
  }
  return {input, output, std::span(rules).first(input.rank), Exactness::exact};
}

}  // namespace imbrex
