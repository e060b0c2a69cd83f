// Conv, ConvTranspose and their quantised and fused forms.
#include "rules.hpp"
#include "windows.hpp"

#include <fmt/core.h>

namespace imbrex::onnx_reader {
namespace {

std::size_t weight_operand(const NodeView& node) {
  return node.type() == "QLinearConv" ? 3 : 1;
}

struct Channels {
  std::int64_t groups = 1;
  std::int64_t outputs = 0;
  Dims kernel;  // spatial extents of the weights
};

// Weights are [K, C/groups, kernel...], for the transposed form [C, K/groups, kernel...].
Channels read_channels(const NodeView& node, bool transposed) {
  const Dims& data = node.dims(0);
  const Dims& weights = node.dims(weight_operand(node));
  if (data.size() < 3 || weights.size() != data.size()) {
    node.fail(fmt::format("data of shape {} and weights of shape {} do not fit together",
                          to_text(data), to_text(weights)));
  }
  Channels channels;
  channels.groups = node.integer("group", 1);
  channels.kernel.assign(weights.begin() + 2, weights.end());
  const bool possible =
      channels.groups >= 1 && channels.groups <= data[1] && data[1] % channels.groups == 0 &&
      (transposed ? weights[0] == data[1]
                  : weights[1] == data[1] / channels.groups && weights[0] % channels.groups == 0);
  if (!possible) {
    node.fail(fmt::format("weights of shape {} do not fit data of shape {} in {} groups",
                          to_text(weights), to_text(data), channels.groups));
  }
  channels.outputs = transposed ? weights[1] * channels.groups : weights[0];
  return channels;
}

ConvolutionParams to_params(const NodeView& node, const Channels& channels,
                            const SpatialWindow& window, const Lowering& out) {
  if (window.rank() > 2) {
    node.fail("convolutions with three or more spatial axes cannot be mapped");
  }
  if (node.is_dynamic(weight_operand(node))) {
    node.fail("weights that are computed at run time cannot be mapped");
  }
  ConvolutionParams params;
  params.output_channels = channels.outputs;
  params.groups = channels.groups;
  params.window = to_window(window);
  params.weight_bits = out.precision().weight_bits;
  params.output_bits = out.precision().activation_bits;
  return params;
}

std::vector<Dims> convolution_shapes(const NodeView& node) {
  const Channels channels = read_channels(node, false);
  const Dims& data = node.dims(0);
  const SpatialWindow window = read_window(node, data, channels.kernel);
  if (window.kernel != channels.kernel) {
    node.fail(fmt::format("kernel_shape {} differs from the weights' {}", to_text(window.kernel),
                          to_text(channels.kernel)));
  }
  Dims result{data[0], channels.outputs};
  for (std::size_t axis = 0; axis < window.rank(); ++axis) {
    result.push_back(window_positions(node, window, axis, data[axis + 2], false));
  }
  return {result};
}

void lower_convolution(const NodeView& node, Lowering& out) {
  const Channels channels = read_channels(node, false);
  const SpatialWindow window = read_window(node, node.dims(0), channels.kernel);
  const ConvolutionParams params = to_params(node, channels, window, out);
  out.bind(node, 0, out.builder().convolution(out.name(node), out.operand(node, 0), params));
}

// com.microsoft FusedConv: convolution, plus an optional fourth operand, then an activation.
void lower_fused_convolution(const NodeView& node, Lowering& out) {
  const Channels channels = read_channels(node, false);
  const SpatialWindow window = read_window(node, node.dims(0), channels.kernel);
  const ConvolutionParams params = to_params(node, channels, window, out);
  TensorId result = out.builder().convolution(out.part(node, "conv"), out.operand(node, 0), params);
  if (node.is_dynamic(3)) {
    const std::array<TensorId, 2> operands{result, out.operand(node, 3)};
    result = out.builder().elementwise(out.part(node, "add"), operands);
  }
  out.bind(node, 0, out.builder().activation(out.name(node), result));
}

struct Transposed {
  Channels channels;
  SpatialWindow window;
  std::vector<std::int64_t> surplus;  // output_padding
  Dims result;
};

std::int64_t transposed_extent(const Transposed& t, std::size_t axis, std::int64_t input) {
  return (input - 1) * t.window.stride[axis] + t.window.extent(axis) + t.surplus[axis];
}

// An explicit output_shape (or SAME) decides the pads, the surplus where the operator's manual puts
// it.
void pad_to(Transposed& t, std::size_t axis, std::int64_t input, std::int64_t output, bool upper) {
  std::int64_t total = transposed_extent(t, axis, input) - output;
  if (total < 0) {
    t.surplus[axis] -= total;
    total = 0;
  }
  t.window.pad_begin[axis] = upper ? total / 2 : total - total / 2;
  t.window.pad_end[axis] = total - t.window.pad_begin[axis];
}

Transposed read_transposed(const NodeView& node) {
  Transposed t;
  t.channels = read_channels(node, true);
  const Dims& data = node.dims(0);
  t.window = read_window(node, data, t.channels.kernel);
  if (t.window.kernel != t.channels.kernel) {
    node.fail(fmt::format("kernel_shape {} differs from the weights' {}", to_text(t.window.kernel),
                          to_text(t.channels.kernel)));
  }
  const std::size_t rank = t.window.rank();
  t.surplus = node.integers("output_padding").value_or(std::vector<std::int64_t>(rank, 0));
  auto shape = node.integers("output_shape");
  if (shape && shape->size() == rank + 2) {
    shape->erase(shape->begin(), shape->begin() + 2);
  }
  if (t.surplus.size() != rank || (shape && shape->size() != rank)) {
    node.fail(fmt::format("output_padding and output_shape need {} entries", rank));
  }
  const std::string automatic = node.text("auto_pad", "NOTSET");
  t.result = {data[0], t.channels.outputs};
  for (std::size_t axis = 0; axis < rank; ++axis) {
    const std::int64_t input = data[axis + 2];
    constexpr std::int64_t kLimit = std::int64_t{1} << 31;
    if (t.surplus[axis] < 0 || t.surplus[axis] > kLimit ||
        (shape && ((*shape)[axis] < 1 || (*shape)[axis] > kMaxElements))) {
      node.fail("output_padding or output_shape is not possible");
    }
    if (shape || automatic.starts_with("SAME")) {
      const std::int64_t wanted = shape ? (*shape)[axis] : input * t.window.stride[axis];
      pad_to(t, axis, input, wanted, automatic == "SAME_UPPER");
    }
    const std::int64_t extent =
        transposed_extent(t, axis, input) - t.window.pad_begin[axis] - t.window.pad_end[axis];
    if (extent < 1) {
      node.fail(fmt::format("its pads leave nothing of spatial axis {}", axis));
    }
    t.result.push_back(extent);
  }
  return t;
}

std::vector<Dims> transposed_shapes(const NodeView& node) {
  return {read_transposed(node).result};
}

void lower_transposed(const NodeView& node, Lowering& out) {
  const Transposed t = read_transposed(node);
  ConvolutionParams params = to_params(node, t.channels, t.window, out);
  for (std::size_t axis = 0; axis < t.surplus.size(); ++axis) {
    params.output_padding[axis] = t.surplus[axis];
  }
  out.bind(node, 0,
           out.builder().transposed_convolution(out.name(node), out.operand(node, 0), params));
}

constexpr Rule kRules[] = {
    {"Conv", convolution_shapes, lower_convolution},
    {"ConvInteger", convolution_shapes, lower_convolution},
    {"QLinearConv", convolution_shapes, lower_convolution},
    {"FusedConv", convolution_shapes, lower_fused_convolution, "com.microsoft"},
    {"ConvTranspose", transposed_shapes, lower_transposed},
};

}  // namespace

std::span<const Rule> convolution_rules() {
  return kRules;
}

}  // namespace imbrex::onnx_reader
