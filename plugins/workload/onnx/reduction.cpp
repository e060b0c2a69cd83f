// Axes folded to one element: Reduce*, ArgMax, ArgMin.
#include "rules.hpp"

#include <algorithm>
#include <numeric>

namespace imbrex::onnx_reader {
namespace {

bool picks_index(const NodeView& node) {
  return node.type().starts_with("Arg");
}

// Ascending. No axes mean all of them, unless noop_with_empty_axes says none.
std::vector<std::size_t> reduced_axes(const NodeView& node) {
  const std::size_t rank = node.dims(0).size();
  if (picks_index(node)) {
    return {node.axis(node.integer("axis", 0), rank)};
  }
  const auto given = node.integers_of("axes", 1);
  if (given && !given->empty()) {
    return node.axes(*given, rank);
  }
  std::vector<std::size_t> all(node.integer("noop_with_empty_axes", 0) != 0 ? 0 : rank);
  std::iota(all.begin(), all.end(), std::size_t{0});
  return all;
}

bool keeps_axes(const NodeView& node) {
  return node.integer("keepdims", 1) != 0;
}

std::vector<Dims> reduction_shapes(const NodeView& node) {
  const std::vector<std::size_t> axes = reduced_axes(node);
  Dims result;
  for (std::size_t i = 0; i < node.dims(0).size(); ++i) {
    const bool reduced = std::binary_search(axes.begin(), axes.end(), i);
    if (!reduced || keeps_axes(node)) {
      result.push_back(reduced ? 1 : node.dims(0)[i]);
    }
  }
  return {result};
}

void lower_reduction(const NodeView& node, Lowering& out) {
  std::vector<std::int64_t> axes;
  for (const std::size_t axis : reduced_axes(node)) {
    axes.push_back(static_cast<std::int64_t>(axis));
  }
  const TensorId data = out.operand(node, 0);
  out.bind(node, 0,
           axes.empty() ? out.builder().activation(out.name(node), data)
                        : out.builder().reduce(out.name(node), data, axes, keeps_axes(node)));
}

constexpr Rule reduction(std::string_view type) {
  return {type, reduction_shapes, lower_reduction};
}

constexpr Rule kReductionRules[] = {
    reduction("ReduceL1"),  reduction("ReduceL2"),        reduction("ReduceLogSum"),
    reduction("ReduceMax"), reduction("ReduceLogSumExp"), reduction("ReduceMean"),
    reduction("ReduceMin"), reduction("ReduceProd"),      reduction("ReduceSum"),
    reduction("ArgMax"),    reduction("ArgMin"),          reduction("ReduceSumSquare"),
};

}  // namespace

std::span<const Rule> reduction_rules() {
  return kReductionRules;
}

}  // namespace imbrex::onnx_reader
