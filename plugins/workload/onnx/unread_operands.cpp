#include "unread_operands.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace imbrex::onnx_reader {
namespace {

// Operators whose vectors hold one element per channel of the result, which is its second axis.
constexpr std::array<std::string_view, 6> kPerChannel = {
    "Conv",        "ConvTranspose",      "FusedConv",
    "QLinearConv", "BatchNormalization", "InstanceNormalization"};

BackwardMap map_of(const NodeView& node, const Shape& operand, const Shape& result) {
  const bool per_channel =
      std::find(kPerChannel.begin(), kPerChannel.end(), node.type()) != kPerChannel.end();
  if (per_channel && operand.rank == 1 && result.rank > 1 && operand[0] == result[1]) {
    const AxisRule rule = shifted_axis(1, 0);
    return {operand, result, std::span(&rule, 1), Exactness::exact};
  }
  std::int64_t elements = 1;
  for (std::size_t axis = 0; axis < operand.rank; ++axis) {
    elements *= operand[axis];
  }
  return whole_map(operand, result, elements == 1 ? Exactness::exact : Exactness::conservative);
}

}  // namespace

TensorId after_operands(const NodeView& node, TensorId result, std::span<const std::size_t> unread,
                        Lowering& out) {
  const Shape shape = out.shape(result);
  std::vector<TensorId> operands{result};
  std::vector<BackwardMap> maps{elementwise_map(shape, shape)};
  for (const std::size_t i : unread) {
    operands.push_back(out.operand(node, i));
    maps.push_back(map_of(node, out.shape(operands.back()), shape));
  }
  const TensorId after =
      out.builder().custom(out.part(node, "operands"), OperatorKind::elementwise, operands, maps,
                           shape, out.builder().at(result).bits_per_element);
  out.builder().source_type(after, node.type());
  return after;
}

}  // namespace imbrex::onnx_reader
