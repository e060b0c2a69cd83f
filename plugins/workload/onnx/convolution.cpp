// Conv, ConvTranspose and their quantised and fused forms.
#include "rules.hpp"
#include "windows.hpp"

#include <imbrex/toolkit/extents/bounded_extents.hpp>

#include <array>

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
  channels.outputs =
      transposed ? extents::bounded_product(weights[1], channels.groups) : weights[0];
  return channels;
}

ConvolutionParams to_params(const NodeView& node, const Channels& channels,
                            const SpatialWindow& window, const Lowering& out) {
  if (window.rank() > 2) {
    node.fail(fmt::format("convolutions with {} spatial axes cannot be mapped", window.rank()));
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

// Three spatial axes: the planes under the window's first axis become input channels of a
// convolution over the other two, one sample per position of that axis. The weights stay what they
// are, [K, C/groups * planes, rows, columns], and so do the MACs.
TensorId add_volume(const NodeView& node, const std::string& name, const Channels& channels,
                    SpatialWindow window, Lowering& out) {
  constexpr std::array<std::int64_t, 5> kChannelsFirst{0, 2, 1, 3, 4};
  const TensorId data = out.operand(node, 0);
  const Dims from = out.dims(data);
  const std::int64_t planes = window.kernel[0];
  const std::int64_t positions = window_positions(node, window, 0, from[2], false);
  const Shape unfolded =
      to_shape({from[0], positions, extents::bounded_product(from[1], planes), from[3], from[4]},
               "planes under a window");
  const std::array<AxisRule, 5> rules{
      shifted_axis(0, 0), divided_axis(2, planes),
      window_axis(1, window.stride[0], planes, window.dilation[0], window.pad_begin[0]),
      shifted_axis(3, 0), shifted_axis(4, 0)};
  const BackwardMap map(out.shape(data), unfolded, rules, Exactness::conservative);
  TensorId result =
      out.builder().custom(out.part(node, "planes"), OperatorKind::gather, std::span(&data, 1),
                           std::span(&map, 1), unfolded, out.builder().at(data).bits_per_element);
  result = out.reshaped(node, result,
                        {extents::bounded_product(from[0], positions),
                         extents::bounded_product(from[1], planes), from[3], from[4]},
                        "samples");
  for (auto* list :
       {&window.kernel, &window.stride, &window.dilation, &window.pad_begin, &window.pad_end}) {
    list->erase(list->begin());
  }
  result = out.builder().convolution(name, result, to_params(node, channels, window, out));
  out.uses_weights(node, result);
  const Dims flat = out.dims(result);
  result = out.reshaped(node, result, {from[0], positions, channels.outputs, flat[2], flat[3]},
                        "volume");
  return out.transposed(node, result, kChannelsFirst, "channels");
}

TensorId add_convolution(const NodeView& node, const std::string& name, Lowering& out) {
  const Channels channels = read_channels(node, false);
  const SpatialWindow window = read_window(node, node.dims(0), channels.kernel);
  if (window.rank() == 3) {
    return add_volume(node, name, channels, window, out);
  }
  const TensorId result =
      out.builder().convolution(name, out.operand(node, 0), to_params(node, channels, window, out));
  out.uses_weights(node, result);
  return result;
}

void lower_convolution(const NodeView& node, Lowering& out) {
  out.bind(node, 0, add_convolution(node, out.name(node), out));
}

// com.microsoft FusedConv: convolution, plus an optional fourth operand, then an activation.
void lower_fused_convolution(const NodeView& node, Lowering& out) {
  TensorId result = add_convolution(node, out.part(node, "conv"), out);
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
  return extents::bounded_sum(extents::bounded_product(input - 1, t.window.stride[axis]),
                              t.window.extent(axis) + t.surplus[axis]);
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

constexpr std::int64_t kMostSurplus = std::int64_t{1} << 31;

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
    if (t.surplus[axis] < 0 || t.surplus[axis] > kMostSurplus ||
        (shape && ((*shape)[axis] < 1 || (*shape)[axis] > kMaxElements))) {
      node.fail("output_padding or output_shape is not possible");
    }
    if (shape || automatic.starts_with("SAME")) {
      const std::int64_t scaled = extents::bounded_product(input, t.window.stride[axis]);
      const std::int64_t wanted = shape ? (*shape)[axis] : scaled;
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
  const TensorId result =
      out.builder().transposed_convolution(out.name(node), out.operand(node, 0), params);
  out.uses_weights(node, result);
  out.bind(node, 0, result);
}

constexpr Rule kConvolutionRules[] = {
    {"Conv", convolution_shapes, lower_convolution},
    {"ConvInteger", convolution_shapes, lower_convolution},
    {"QLinearConv", convolution_shapes, lower_convolution},
    {"FusedConv", convolution_shapes, lower_fused_convolution, "com.microsoft"},
    {"ConvTranspose", transposed_shapes, lower_transposed},
};

}  // namespace

std::span<const Rule> convolution_rules() {
  return kConvolutionRules;
}

}  // namespace imbrex::onnx_reader
