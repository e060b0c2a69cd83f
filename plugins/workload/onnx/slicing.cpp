// Parts of a tensor and margins around it: Slice, Split, Pad.
#include "operands.hpp"
#include "rules.hpp"

#include <algorithm>
#include <numeric>

#include <fmt/core.h>

namespace imbrex::onnx_reader {
namespace {

std::vector<Dims> slice_shapes(const NodeView& node) {
  Dims result;
  for (const SliceAxis& axis : slice_axes(node)) {
    result.push_back(axis.count);
  }
  return {result};
}

// All axes in one operator. A negative step turns the axis around, which no affine rule says: the
// hull of what is picked, whatever part of the result is asked for.
void lower_slice(const NodeView& node, Lowering& out) {
  const std::vector<SliceAxis> axes = slice_axes(node);
  const TensorId data = out.operand(node, 0);
  const Shape output = to_shape(node.output(0).dims, in_quotes(node.node().name));
  std::vector<AxisRule> rules;
  Exactness exactness = Exactness::exact;
  for (std::size_t i = 0; i < axes.size(); ++i) {
    const auto [begin, step, count] = axes[i];
    if (step > 0) {
      rules.push_back(window_axis(i, step, 1, 1, -begin));
    } else {
      rules.push_back(fixed_axis(begin + (count - 1) * step, begin + 1));
      exactness = count > 1 ? Exactness::conservative : exactness;
    }
  }
  const BackwardMap map(out.shape(data), output, rules, exactness);
  out.custom(node, 0, OperatorKind::slice, std::span(&data, 1), std::span(&map, 1));
}

std::vector<Dims> split_shapes(const NodeView& node) {
  const std::size_t axis = node.axis(node.integer("axis", 0), node.dims(0).size());
  std::vector<Dims> shapes;
  for (const std::int64_t part : split_parts(node)) {
    shapes.push_back(node.dims(0));
    shapes.back()[axis] = part;
  }
  return shapes;
}

void lower_split(const NodeView& node, Lowering& out) {
  const std::size_t axis = node.axis(node.integer("axis", 0), node.dims(0).size());
  const std::vector<std::int64_t> parts = split_parts(node);
  const TensorId data = out.operand(node, 0);
  std::int64_t begin = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::int64_t end = begin + parts[i];
    if (node.wants_output(i) && parts[i] > 0) {
      const std::string name = i == 0 ? out.name(node) : out.part(node, std::to_string(i));
      out.bind(node, i,
               out.builder().slice(name, data, static_cast<std::int64_t>(axis), begin, end));
    }
    begin = end;
  }
}

struct Pads {
  std::vector<std::int64_t> begin, end;
};

Pads read_pads(const NodeView& node) {
  const std::size_t rank = node.dims(0).size();
  auto pads = node.integers(node.attribute("paddings") != nullptr ? "paddings" : "pads");
  if (!pads) {
    pads = node.integers(1, "pads");
  }
  std::vector<std::int64_t> axes(rank);
  std::iota(axes.begin(), axes.end(), 0);
  if (node.has_input(3)) {  // opset 18: pads of some axes only
    axes = node.integers(3, "axes");
  }
  if (pads->size() != 2 * axes.size()) {
    node.fail(fmt::format("{} pads do not fit {} axes", pads->size(), axes.size()));
  }
  Pads result{std::vector<std::int64_t>(rank, 0), std::vector<std::int64_t>(rank, 0)};
  for (std::size_t i = 0; i < axes.size(); ++i) {
    const std::size_t axis = node.axis(axes[i], rank);
    result.begin[axis] = (*pads)[i];
    result.end[axis] = (*pads)[i + axes.size()];
    if (std::max(std::abs(result.begin[axis] / 2), std::abs(result.end[axis] / 2)) > kMaxElements) {
      node.fail(fmt::format("pads {} are not possible", to_text(*pads)));
    }
  }
  return result;
}

std::vector<Dims> pad_shapes(const NodeView& node) {
  const Pads pads = read_pads(node);
  Dims result = node.dims(0);
  for (std::size_t i = 0; i < result.size(); ++i) {
    result[i] += pads.begin[i] + pads.end[i];
    if (result[i] < 0) {
      node.fail(
          fmt::format("its pads remove more of axis {} than {} holds", i, to_text(node.dims(0))));
    }
  }
  return {result};
}

// Reflected, repeated and wrapped margins come from inside the data: the whole axis is the safe
// answer.
void lower_pad(const NodeView& node, Lowering& out) {
  const Pads pads = read_pads(node);
  const TensorId data = out.operand(node, 0);
  const Shape output = to_shape(node.output(0).dims, in_quotes(node.node().name));
  const bool constant = node.text("mode", "constant") == "constant";
  std::vector<AxisRule> rules;
  Exactness exactness = Exactness::exact;
  for (std::size_t i = 0; i < pads.begin.size(); ++i) {
    const bool mirrored = !constant && (pads.begin[i] > 0 || pads.end[i] > 0);
    rules.push_back(mirrored ? whole_axis(out.shape(data)[i]) : shifted_axis(i, -pads.begin[i]));
    exactness = mirrored ? Exactness::conservative : exactness;
  }
  const BackwardMap map(out.shape(data), output, rules, exactness);
  out.custom(node, 0, OperatorKind::pad, std::span(&data, 1), std::span(&map, 1));
}

constexpr Rule kSlicingRules[] = {
    {"Slice", slice_shapes, lower_slice},
    {"Split", split_shapes, lower_split},
    {"Pad", pad_shapes, lower_pad},
};

}  // namespace

std::span<const Rule> slicing_rules() {
  return kSlicingRules;
}

}  // namespace imbrex::onnx_reader
