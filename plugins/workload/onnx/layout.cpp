// Same elements in another arrangement: Reshape and its relatives, Transpose, Concat, block
// shuffles.
#include "operands.hpp"
#include "rules.hpp"

#include <imbrex/toolkit/extents/bounded_extents.hpp>

#include <algorithm>

#include <fmt/core.h>

namespace imbrex::onnx_reader {
namespace {

std::vector<Dims> reshape_shapes(const NodeView& node) {
  return {reshape_target(node)};
}

std::vector<Dims> flatten_shapes(const NodeView& node) {
  const Dims& dims = node.dims(0);
  std::int64_t axis = node.integer("axis", 1);
  if (axis != static_cast<std::int64_t>(dims.size())) {
    axis = static_cast<std::int64_t>(node.axis(axis, dims.size()));
  }
  const auto outer = static_cast<std::size_t>(axis);
  return {{extents::bounded_product(std::span(dims).first(outer)),
           extents::bounded_product(std::span(dims).subspan(outer))}};
}

std::vector<Dims> squeeze_shapes(const NodeView& node) {
  const std::vector<std::size_t> axes = squeezed_axes(node);
  Dims result;
  for (std::size_t i = 0; i < node.dims(0).size(); ++i) {
    if (!std::binary_search(axes.begin(), axes.end(), i)) {
      result.push_back(node.dims(0)[i]);
    }
  }
  return {result};
}

std::vector<Dims> unsqueeze_shapes(const NodeView& node) {
  Dims result = node.dims(0);
  for (const std::size_t axis : unsqueezed_axes(node)) {  // ascending
    result.insert(result.begin() + static_cast<std::ptrdiff_t>(axis), 1);
  }
  return {result};
}

void lower_reshape(const NodeView& node, Lowering& out) {
  const Shape output = to_shape(node.output(0).dims, in_quotes(node.node().name));
  out.bind(node, 0, out.builder().reshape(out.name(node), out.operand(node, 0), output));
}

std::vector<Dims> transpose_shapes(const NodeView& node) {
  Dims result;
  for (const std::int64_t from : permutation_of(node)) {
    result.push_back(node.dims(0)[static_cast<std::size_t>(from)]);
  }
  return {result};
}

void lower_transpose(const NodeView& node, Lowering& out) {
  out.bind(node, 0,
           out.builder().transpose(out.name(node), out.operand(node, 0), permutation_of(node)));
}

std::vector<Dims> concat_shapes(const NodeView& node) {
  const std::size_t axis = concat_axis(node);
  Dims result = node.dims(0);
  for (std::size_t i = 1; i < node.input_count(); ++i) {
    Dims expected = result;
    if (node.dims(i).size() == result.size()) {
      expected[axis] = node.dims(i)[axis];
    }
    if (node.dims(i) != expected || expected[axis] > kMaxElements - result[axis]) {
      node.fail(fmt::format("operands of shape {} and {} cannot be joined along axis {}",
                            to_text(result), to_text(node.dims(i)), axis));
    }
    result[axis] += expected[axis];
  }
  return {result};
}

// Constant operands take their place in the result but are no dependency.
void lower_concat(const NodeView& node, Lowering& out) {
  const std::size_t axis = concat_axis(node);
  const Shape output = to_shape(node.output(0).dims, in_quotes(node.node().name));
  std::vector<TensorId> operands;
  std::vector<BackwardMap> maps;
  std::int64_t offset = 0;
  for (std::size_t i = 0; i < node.input_count(); ++i) {
    if (node.is_dynamic(i)) {
      operands.push_back(out.operand(node, i));
      std::vector<AxisRule> rules;
      for (std::size_t a = 0; a < output.rank; ++a) {
        rules.push_back(shifted_axis(a, a == axis ? -offset : 0));
      }
      maps.emplace_back(out.shape(operands.back()), output, rules, Exactness::exact);
    }
    offset += node.dims(i)[axis];
  }
  if (operands.size() == node.input_count()) {
    out.bind(node, 0,
             out.builder().concat(out.name(node), operands, static_cast<std::int64_t>(axis)));
  } else {
    out.custom(node, 0, OperatorKind::concat, operands, maps);
  }
}

std::int64_t block_size(const NodeView& node) {
  const std::int64_t block = node.integer("blocksize", 0);
  if (block < 1 || block > (std::int64_t{1} << 20) || node.dims(0).size() != 4) {
    node.fail(
        fmt::format("blocksize {} does not fit data of shape {}", block, to_text(node.dims(0))));
  }
  return block;
}

std::vector<Dims> depth_to_space_shapes(const NodeView& node) {
  const std::int64_t block = block_size(node);
  const Dims& dims = node.dims(0);
  if (dims[1] % (block * block) != 0) {
    node.fail(fmt::format("{} channels cannot be dealt to blocks of {}", dims[1], block));
  }
  return {{dims[0], dims[1] / (block * block), extents::bounded_product(dims[2], block),
           extents::bounded_product(dims[3], block)}};
}

std::vector<Dims> space_to_depth_shapes(const NodeView& node) {
  const std::int64_t block = block_size(node);
  const Dims& dims = node.dims(0);
  if (dims[2] % block != 0 || dims[3] % block != 0) {
    node.fail(fmt::format("{} cannot be cut into blocks of {}", to_text(dims), block));
  }
  return {{dims[0], extents::bounded_product(dims[1], block * block), dims[2] / block,
           dims[3] / block}};
}

void lower_depth_to_space(const NodeView& node, Lowering& out) {
  out.bind(node, 0,
           out.builder().depth_to_space(out.name(node), out.operand(node, 0), block_size(node)));
}

void lower_space_to_depth(const NodeView& node, Lowering& out) {
  out.bind(node, 0,
           out.builder().space_to_depth(out.name(node), out.operand(node, 0), block_size(node)));
}

constexpr Rule kLayoutRules[] = {
    {"Reshape", reshape_shapes, lower_reshape},
    {"Flatten", flatten_shapes, lower_reshape},
    {"Squeeze", squeeze_shapes, lower_reshape},
    {"Unsqueeze", unsqueeze_shapes, lower_reshape},
    {"Transpose", transpose_shapes, lower_transpose},
    {"Concat", concat_shapes, lower_concat},
    {"DepthToSpace", depth_to_space_shapes, lower_depth_to_space},
    {"SpaceToDepth", space_to_depth_shapes, lower_space_to_depth},
};

}  // namespace

std::span<const Rule> layout_rules() {
  return kLayoutRules;
}

}  // namespace imbrex::onnx_reader
