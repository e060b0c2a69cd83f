// Normalisations and softmax: which axes an element depends on.
#include "rules.hpp"

#include <algorithm>
#include <array>
#include <numeric>

#include <fmt/core.h>

namespace imbrex::onnx_reader {
namespace {

// Every normalisation keeps its operand's shape; further results hold statistics.
std::vector<Dims> shape_of_first(const NodeView& node) {
  return {node.dims(0)};
}

std::vector<std::int64_t> axes_from(std::size_t first, std::size_t rank) {
  std::vector<std::int64_t> axes(rank - std::min(first, rank));
  std::iota(axes.begin(), axes.end(), static_cast<std::int64_t>(first));
  return axes;
}

void lower_over(const NodeView& node, const std::vector<std::int64_t>& axes, Lowering& out) {
  if (!node.is_dynamic(0)) {
    lower_as_barrier(node, out);
    return;
  }
  out.bind(node, 0, out.builder().normalization(out.name(node), out.operand(node, 0), axes));
}

bool is_training(const NodeView& node) {
  return node.integer("training_mode", 0) != 0;
}

std::vector<Dims> batch_shapes(const NodeView& node) {
  const Dims& data = node.dims(0);
  const std::int64_t channels = data.size() > 1 ? data[1] : 1;
  Dims parameters{channels};
  if (data.size() > 1 && node.opset() < 9 && node.integer("spatial", 1) == 0) {
    parameters.assign(data.begin() + 1, data.end());  // one per element of a sample
  }
  for (std::size_t i = 1; i < node.input_count(); ++i) {
    if (node.has_input(i) && node.dims(i) != parameters) {
      node.fail(fmt::format("parameter {} of shape {} does not fit the {} channels of {}", i,
                            to_text(node.dims(i)), channels, to_text(data)));
    }
  }
  return {data, parameters, parameters, parameters, parameters};
}

// With stored statistics an element depends on itself alone; in training mode on its whole channel.
void lower_batch(const NodeView& node, Lowering& out) {
  std::vector<std::int64_t> axes;
  if (is_training(node)) {
    axes = axes_from(2, node.dims(0).size());
    axes.insert(axes.begin(), 0);
  }
  lower_over(node, axes, out);
  for (std::size_t i = 1; i < 5; ++i) {
    if (node.wants_output(i)) {
      node.fail("running statistics are outputs of training; export the network for inference");
    }
  }
}

void lower_instance(const NodeView& node, Lowering& out) {
  lower_over(node, axes_from(2, node.dims(0).size()), out);
}

std::vector<Dims> group_shapes(const NodeView& node) {
  const Dims& data = node.dims(0);
  const std::int64_t groups = node.integer("num_groups", 0);
  if (data.size() < 2 || groups < 1 || data[1] % groups != 0) {
    node.fail(fmt::format("{} groups do not divide the channels of {}", groups, to_text(data)));
  }
  return {data};
}

// Groups of channels are normalised together.
void lower_group(const NodeView& node, Lowering& out) {
  if (!node.is_dynamic(0)) {
    lower_as_barrier(node, out);
    return;
  }
  const TensorId data = out.operand(node, 0);
  const Shape shape = out.shape(data);
  const std::int64_t channels = shape[1] / node.integer("num_groups", 1);
  std::vector<AxisRule> rules{shifted_axis(0, 0), grouped_axis(1, channels, channels)};
  for (std::size_t axis = 2; axis < shape.rank; ++axis) {
    rules.push_back(whole_axis(shape[axis]));
  }
  const BackwardMap map(shape, shape, rules, Exactness::exact);
  out.custom(node, 0, OperatorKind::normalization, std::span(&data, 1), std::span(&map, 1));
}

std::vector<Dims> layer_shapes(const NodeView& node) {
  const Dims& data = node.dims(0);
  const std::size_t axis = node.axis(node.integer("axis", -1), data.size());
  Dims statistics = data;
  std::fill(statistics.begin() + static_cast<std::ptrdiff_t>(axis), statistics.end(), 1);
  return {data, statistics, statistics};
}

void lower_layer(const NodeView& node, Lowering& out) {
  const Dims& data = node.dims(0);
  const std::size_t axis = node.axis(node.integer("axis", -1), data.size());
  const auto axes = axes_from(axis, data.size());
  if (node.wants_output(1) || node.wants_output(2)) {
    lower_as_barrier(node, out);
    return;
  }
  lower_over(node, axes, out);
}

// com.microsoft: a residual connection and the normalisation behind it; result 3 is their sum.
std::vector<Dims> skip_shapes(const NodeView& node) {
  const Dims& data = node.dims(0);
  if (broadcast(data, node.dims(1)) != data || data.empty()) {
    node.fail(fmt::format("a skip connection of shape {} does not fit data of shape {}",
                          to_text(node.dims(1)), to_text(data)));
  }
  Dims statistics = data;
  statistics.back() = 1;
  return {data, statistics, statistics, data};
}

void lower_skip(const NodeView& node, Lowering& out) {
  if (!node.is_dynamic(0) || node.wants_output(1) || node.wants_output(2)) {
    lower_as_barrier(node, out);
    return;
  }
  TensorId sum = out.operand(node, 0);
  if (node.is_dynamic(1)) {
    const std::array<TensorId, 2> operands{sum, out.operand(node, 1)};
    sum = out.builder().elementwise(out.part(node, "sum"), operands);
  } else {
    sum = out.builder().activation(out.part(node, "sum"), sum);
  }
  if (node.wants_output(3)) {
    out.bind(node, 3, sum);
  }
  if (node.wants_output(0)) {
    const auto last = axes_from(node.dims(0).size() - 1, node.dims(0).size());
    out.bind(node, 0, out.builder().normalization(out.name(node), sum, last));
  }
}

void lower_lp(const NodeView& node, Lowering& out) {
  const std::size_t axis = node.axis(node.integer("axis", -1), node.dims(0).size());
  lower_over(node, {static_cast<std::int64_t>(axis)}, out);
}

// Axes default to all but the channels.
void lower_mean_variance(const NodeView& node, Lowering& out) {
  const auto given = node.integers("axes").value_or(std::vector<std::int64_t>{0, 2, 3});
  std::vector<std::int64_t> axes;
  for (const std::size_t axis : node.axes(given, node.dims(0).size())) {
    axes.push_back(static_cast<std::int64_t>(axis));
  }
  lower_over(node, axes, out);
}

std::vector<Dims> lrn_shapes(const NodeView& node) {
  if (node.dims(0).size() < 2 || node.integer("size", 0) < 1 ||
      node.integer("size", 0) > kMaxElements) {
    node.fail(fmt::format("its size {} does not fit data of shape {}", node.integer("size", 0),
                          to_text(node.dims(0))));
  }
  return {node.dims(0)};
}

void lower_lrn(const NodeView& node, Lowering& out) {
  out.bind(node, 0,
           out.builder().local_response_normalization(out.name(node), out.operand(node, 0),
                                                      node.integer("size", 1)));
}

// Until opset 12 softmax ran over everything from its axis on.
std::vector<std::int64_t> softmax_axes(const NodeView& node) {
  const std::size_t rank = node.dims(0).size();
  const bool flattens = node.opset() < 13;
  const std::int64_t given = node.integer("axis", flattens ? 1 : -1);
  if (flattens && given == static_cast<std::int64_t>(rank)) {
    return {};
  }
  const std::size_t axis = node.axis(given, rank);
  return flattens ? axes_from(axis, rank)
                  : std::vector<std::int64_t>{static_cast<std::int64_t>(axis)};
}

std::vector<Dims> softmax_shapes(const NodeView& node) {
  if (!node.dims(0).empty()) {
    softmax_axes(node);
  }
  return {node.dims(0)};
}

void lower_softmax(const NodeView& node, Lowering& out) {
  const auto axes = node.dims(0).empty() ? std::vector<std::int64_t>{} : softmax_axes(node);
  out.bind(node, 0, out.builder().softmax(out.name(node), out.operand(node, 0), axes));
}

constexpr Rule kNormalizationRules[] = {
    {"BatchNormalization", batch_shapes, lower_batch},
    {"InstanceNormalization", shape_of_first, lower_instance},
    {"GroupNormalization", group_shapes, lower_group},
    {"LayerNormalization", layer_shapes, lower_layer},
    {"RMSNormalization", shape_of_first, lower_layer},
    {"SimplifiedLayerNormalization", layer_shapes, lower_layer},
    {"SkipLayerNormalization", skip_shapes, lower_skip, "com.microsoft"},
    {"SkipSimplifiedLayerNormalization", skip_shapes, lower_skip, "com.microsoft"},
    {"LpNormalization", shape_of_first, lower_lp},
    {"MeanVarianceNormalization", shape_of_first, lower_mean_variance},
    {"LRN", lrn_shapes, lower_lrn},
    {"Softmax", softmax_shapes, lower_softmax},
    {"LogSoftmax", softmax_shapes, lower_softmax},
    {"Hardmax", softmax_shapes, lower_softmax},
};

}  // namespace

std::span<const Rule> normalization_rules() {
  return kNormalizationRules;
}

}  // namespace imbrex::onnx_reader
