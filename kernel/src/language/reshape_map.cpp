// Row-major reshape. Both shapes fall into groups of neighbouring axes with equal element counts;
// inside a group the flat index is the same on both sides, so one merged or split axis has a simple
// rule.
#include <imbrex/plugin/error.hpp>
#include <imbrex/values/backward_map.hpp>

namespace imbrex {
namespace {

// Axes [begin, end) of one side of a group.
struct AxisRange {
  std::size_t begin = 0;
  std::size_t end = 0;
};

struct Group {
  AxisRange input;
  AxisRange output;
};

// Takes axes from both sides, always from the smaller product, until the products agree.
Group next_group(const Shape& input, std::size_t first_input, const Shape& output,
                 std::size_t first_output) noexcept {
  std::size_t i = first_input;
  std::size_t j = first_output;
  std::int64_t left = i < input.rank ? input[i++] : 1;
  std::int64_t right = j < output.rank ? output[j++] : 1;
  while (left != right) {
    if (left < right) {
      left *= input[i++];
    } else {
      right *= output[j++];
    }
  }
  return {{first_input, i}, {first_output, j}};
}

// The axes that matter: extent-1 axes carry no index.
struct LongAxes {
  std::size_t count = 0;
  std::size_t first = 0;
  std::size_t last = 0;
};

LongAxes long_axes(const Shape& shape, const AxisRange& range) noexcept {
  LongAxes result;
  for (std::size_t axis = range.begin; axis < range.end; ++axis) {
    if (shape[axis] > 1) {
      result.first = result.count == 0 ? axis : result.first;
      result.last = axis;
      ++result.count;
    }
  }
  return result;
}

AxisRule merged_axis(const LongAxes& output) noexcept {
  AxisRule rule;
  rule.kind = AxisRule::Kind::merge;
  rule.output_axis = static_cast<std::uint8_t>(output.first);
  rule.last_axis = static_cast<std::uint8_t>(output.last);
  return rule;
}

AxisRule digit_axis(std::size_t output_axis, std::int64_t radix, std::int64_t stride) noexcept {
  AxisRule rule;
  rule.kind = AxisRule::Kind::digit;
  rule.output_axis = static_cast<std::uint8_t>(output_axis);
  rule.extent = radix;
  rule.stride = stride;
  return rule;
}

// Fills the rules of the group's input axes. False: the result may hold more than is needed.
bool fill_group(const Shape& input, const Shape& output, const Group& group,
                std::array<AxisRule, kMaxRank>& rules) noexcept {
  const LongAxes from = long_axes(input, group.input);
  const LongAxes to = long_axes(output, group.output);
  std::int64_t stride = 1;
  for (std::size_t axis = group.input.end; axis-- > group.input.begin;) {
    if (input[axis] == 1 || (from.count > 1 && to.count > 1)) {
      rules[axis] = whole_axis(input[axis]);
    } else if (from.count == 1 && to.count == 1) {
      rules[axis] = shifted_axis(to.first, 0);
    } else if (from.count == 1) {
      rules[axis] = merged_axis(to);
    } else {
      rules[axis] = digit_axis(to.first, input[axis], stride);
    }
    stride *= input[axis];
  }
  return from.count <= 1 && to.count <= 1;
}

}  // namespace

BackwardMap reshape_map(const Shape& input, const Shape& output) {
  IMBREX_ASSERT(input.elements() == output.elements());
  std::array<AxisRule, kMaxRank> rules;
  bool exact = true;
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < input.rank || j < output.rank) {
    const Group group = next_group(input, i, output, j);
    exact = fill_group(input, output, group, rules) && exact;
    i = group.input.end;
    j = group.output.end;
  }
  return {input, output, std::span(rules).first(input.rank),
          exact ? Exactness::exact : Exactness::conservative};
}

}  // namespace imbrex
