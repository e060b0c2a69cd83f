#include "old_broadcast.hpp"

#include "text.hpp"

#include <imbrex/toolkit/extents/bounded_extents.hpp>

#include <algorithm>
#include <array>

#include <fmt/core.h>

namespace imbrex::onnx_reader {
namespace {

constexpr std::int64_t kFirstNumpyOpset = 7;
constexpr std::array<std::string_view, 11> kPlacedByAxis = {
    "Add", "And", "Div", "Equal", "Greater", "Less", "Mul", "Or", "Pow", "Sub", "Xor"};

// Where the operand starts, if the operator says so. A negative axis was Caffe2's word for "none".
std::optional<std::int64_t> first_axis(const NodeView& node) {
  if (!node.node().domain.empty() || node.opset() >= kFirstNumpyOpset) {
    return std::nullopt;
  }
  if (node.type() == "PRelu") {
    const bool per_channel = node.dims(1).size() == 1 && node.dims(0).size() > 1;
    return per_channel ? std::optional<std::int64_t>(1) : std::nullopt;
  }
  const bool placed =
      std::find(kPlacedByAxis.begin(), kPlacedByAxis.end(), node.type()) != kPlacedByAxis.end();
  const std::int64_t axis = placed ? node.integer("axis", -1) : -1;
  return axis < 0 ? std::nullopt : std::optional(axis);
}

}  // namespace

Dims aligned_dims(const NodeView& node, std::size_t i) {
  Dims own = node.dims(i);
  const auto axis = i == 1 ? first_axis(node) : std::nullopt;
  if (!axis || elements_of(own) == 1) {
    return own;
  }
  const Dims& data = node.dims(0);
  const auto rank = static_cast<std::int64_t>(data.size());
  const auto count = static_cast<std::int64_t>(own.size());
  if (*axis > rank - count || !std::equal(own.begin(), own.end(), data.begin() + *axis)) {
    node.fail(fmt::format("its second operand of shape {} does not fit axes {} and on of {}",
                          to_text(own), *axis, to_text(data)));
  }
  own.resize(static_cast<std::size_t>(rank - *axis), 1);
  return own;
}

BackwardMap aligned_map(const Shape& input, const Dims& aligned, const Shape& output) {
  const std::size_t first = output.rank - aligned.size();
  std::vector<AxisRule> rules;
  for (std::size_t axis = 0; axis < input.rank; ++axis) {
    rules.push_back(input[axis] == output[first + axis] ? shifted_axis(first + axis, 0)
                                                        : whole_axis(input[axis]));
  }
  return {input, output, rules, Exactness::exact};
}

}  // namespace imbrex::onnx_reader
