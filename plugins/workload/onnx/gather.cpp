// Elements picked or repeated: Gather and its relatives, Expand, Tile.
#include "operands.hpp"
#include "rules.hpp"

#include <algorithm>

#include <fmt/core.h>

namespace imbrex::onnx_reader {
namespace {

std::size_t gather_axis(const NodeView& node) {
  return node.axis(node.integer("axis", 0), node.dims(0).size());
}

std::vector<Dims> gather_shapes(const NodeView& node) {
  const Dims& data = node.dims(0);
  const auto axis = static_cast<std::ptrdiff_t>(gather_axis(node));
  Dims result(data.begin(), data.begin() + axis);
  result.insert(result.end(), node.dims(1).begin(), node.dims(1).end());
  result.insert(result.end(), data.begin() + axis + 1, data.end());
  return {result};
}

// The hull of the indices when they are known, else the whole axis.
BackwardMap data_map(const NodeView& node, const Shape& input, const Shape& output) {
  const std::size_t axis = gather_axis(node);
  const std::size_t width = node.dims(1).size();
  const auto indices = gather_indices(node, axis);
  AxisRule picked = whole_axis(input[axis]);
  if (indices && !indices->empty()) {
    const auto [low, high] = std::minmax_element(indices->begin(), indices->end());
    picked = fixed_axis(*low, *high + 1);
  }
  std::vector<AxisRule> rules;
  for (std::size_t i = 0; i < input.rank; ++i) {
    rules.push_back(i == axis ? picked : shifted_axis(i < axis ? i : i + width - 1, 0));
  }
  const bool exact = indices && std::count(indices->begin(), indices->end(), indices->front()) ==
                                    static_cast<std::ptrdiff_t>(indices->size());
  return {input, output, rules, exact ? Exactness::exact : Exactness::conservative};
}

// Indices computed at run time: each result element needs its own index.
BackwardMap index_map(const NodeView& node, const Shape& input, const Shape& output) {
  std::vector<AxisRule> rules;
  for (std::size_t i = 0; i < input.rank; ++i) {
    rules.push_back(shifted_axis(gather_axis(node) + i, 0));
  }
  return {input, output, rules, Exactness::exact};
}

void lower_gather(const NodeView& node, Lowering& out) {
  const Shape output = to_shape(node.output(0).dims, in_quotes(node.node().name));
  std::vector<BackwardMap> maps;
  if (node.is_dynamic(0)) {
    maps.push_back(data_map(node, out.shape(out.operand(node, 0)), output));
  }
  if (node.is_dynamic(1)) {
    maps.push_back(index_map(node, out.shape(out.operand(node, 1)), output));
  }
  out.custom(node, 0, OperatorKind::gather, out.operands(node), maps);
}

std::vector<Dims> gather_elements_shapes(const NodeView& node) {
  return {node.dims(1)};
}

std::vector<Dims> gather_nd_shapes(const NodeView& node) {
  const Dims& data = node.dims(0);
  const Dims& indices = node.dims(1);
  const std::int64_t batch = node.integer("batch_dims", 0);
  if (indices.empty() || indices.back() < 0 || batch < 0 ||
      batch > static_cast<std::int64_t>(data.size()) ||
      indices.back() > static_cast<std::int64_t>(data.size()) - batch) {
    node.fail(fmt::format("indices of shape {} do not fit data of shape {}", to_text(indices),
                          to_text(data)));
  }
  Dims result(indices.begin(), indices.end() - 1);
  result.insert(result.end(), data.begin() + batch + indices.back(), data.end());
  return {result};
}

std::vector<Dims> expand_shapes(const NodeView& node) {
  return {expand_target(node)};
}

void lower_expand(const NodeView& node, Lowering& out) {
  const Shape output = to_shape(node.output(0).dims, in_quotes(node.node().name));
  out.bind(node, 0, out.builder().expand(out.name(node), out.operand(node, 0), output));
}

std::vector<Dims> tile_shapes(const NodeView& node) {
  const std::vector<std::int64_t> repeats = tile_repeats(node);
  Dims result = node.dims(0);
  for (std::size_t i = 0; i < result.size(); ++i) {
    if (__builtin_mul_overflow(result[i], repeats[i], &result[i])) {
      node.fail(fmt::format("repeats {} are not possible", to_text(repeats)));
    }
  }
  return {result};
}

// Coordinate modulo the operand's extent.
void lower_tile(const NodeView& node, Lowering& out) {
  const TensorId data = out.operand(node, 0);
  const Shape input = out.shape(data);
  const Shape output = to_shape(node.output(0).dims, in_quotes(node.node().name));
  std::vector<AxisRule> rules;
  bool exact = true;
  for (std::size_t i = 0; i < input.rank; ++i) {
    AxisRule rule = shifted_axis(i, 0);
    if (input[i] != output[i]) {
      rule.kind = AxisRule::Kind::digit;
      rule.stride = 1;
      rule.extent = input[i];
      exact = false;
    }
    rules.push_back(rule);
  }
  const BackwardMap map(input, output, rules, exact ? Exactness::exact : Exactness::conservative);
  out.custom(node, 0, OperatorKind::expand, std::span(&data, 1), std::span(&map, 1));
}

constexpr Rule kGatherRules[] = {
    {"Gather", gather_shapes, lower_gather},
    {"GatherElements", gather_elements_shapes, lower_as_barrier},
    {"GatherND", gather_nd_shapes, lower_as_barrier},
    {"Expand", expand_shapes, lower_expand},
    {"Tile", tile_shapes, lower_tile},
};

}  // namespace

std::span<const Rule> gather_rules() {
  return kGatherRules;
}

}  // namespace imbrex::onnx_reader
