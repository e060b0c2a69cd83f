// Pools: max, average and Lp windows, and the global forms.
#include "rules.hpp"
#include "windows.hpp"

namespace imbrex::onnx_reader {
namespace {

bool rounds_up(const NodeView& node) {
  return node.integer("ceil_mode", 0) != 0;
}

std::vector<Dims> pool_shapes(const NodeView& node) {
  const Dims& data = node.dims(0);
  const SpatialWindow window = read_window(node, data, {});
  Dims result{data[0], data[1]};
  for (std::size_t axis = 0; axis < window.rank(); ++axis) {
    result.push_back(window_positions(node, window, axis, data[axis + 2], rounds_up(node)));
  }
  return {result, result};  // MaxPool: values and indices
}

// Three spatial axes: the same rule per axis, without the builder's two-axis window.
TensorId add_volume_pool(std::string_view name, TensorId data, const SpatialWindow& window,
                         const Dims& result, Lowering& out) {
  const Shape input = out.shape(data);
  const Shape output = to_shape(result, "the result of a pool");
  std::vector<AxisRule> rules{shifted_axis(0, 0), shifted_axis(1, 0)};
  Exactness exactness = Exactness::exact;
  for (std::size_t axis = 0; axis < window.rank(); ++axis) {
    if (window.kernel[axis] > 1 && window.dilation[axis] > 1) {
      exactness = Exactness::conservative;  // regions hold what lies between the taps
    }
    rules.push_back(window_axis(axis + 2, window.stride[axis], window.kernel[axis],
                                window.dilation[axis], window.pad_begin[axis]));
  }
  const BackwardMap map(input, output, rules, exactness);
  return out.builder().custom(name, OperatorKind::pool, std::span(&data, 1), std::span(&map, 1),
                              output, out.builder().at(data).bits_per_element);
}

void lower_pool(const NodeView& node, Lowering& out) {
  const SpatialWindow window = read_window(node, node.dims(0), {});
  const TensorId data = out.operand(node, 0);
  for (std::size_t i = 0; i < 2; ++i) {
    if (!node.wants_output(i)) {
      continue;
    }
    const std::string name = i == 0 ? out.name(node) : out.part(node, "indices");
    if (window.rank() > 2) {
      out.bind(node, i, add_volume_pool(name, data, window, node.output(i).dims, out));
    } else {
      Window two = to_window(window);
      two.ceil_mode = rounds_up(node);
      out.bind(node, i, out.builder().pool(name, data, two));
    }
  }
}

std::vector<Dims> global_pool_shapes(const NodeView& node) {
  Dims result = node.dims(0);
  if (result.size() < 3) {
    node.fail("data of shape " + to_text(result) + " has no spatial axis");
  }
  std::fill(result.begin() + 2, result.end(), 1);
  return {result};
}

void lower_global_pool(const NodeView& node, Lowering& out) {
  out.bind(node, 0, out.builder().global_pool(out.name(node), out.operand(node, 0)));
}

constexpr Rule kPoolRules[] = {
    {"MaxPool", pool_shapes, lower_pool},
    {"AveragePool", pool_shapes, lower_pool},
    {"LpPool", pool_shapes, lower_pool},
    {"GlobalAveragePool", global_pool_shapes, lower_global_pool},
    {"GlobalMaxPool", global_pool_shapes, lower_global_pool},
    {"GlobalLpPool", global_pool_shapes, lower_global_pool},
};

}  // namespace

std::span<const Rule> pool_rules() {
  return kPoolRules;
}

}  // namespace imbrex::onnx_reader
