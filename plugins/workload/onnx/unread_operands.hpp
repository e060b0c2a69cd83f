// Operands computed at run time that the lowering of a node has no use for: biases, scales, zero
// points, pad values. They cost nothing where they are read, but the result cannot be there before
// they are.
#pragma once

#include "lowering.hpp"

namespace imbrex::onnx_reader {

// `result` of the node, when operands `unread` (positions) are there too: one operator that moves
// nothing. A vector with one element per channel is needed channel by channel; anything else as a
// whole. Requires: the operands depend on an input of the network.
TensorId after_operands(const NodeView& node, TensorId result, std::span<const std::size_t> unread,
                        Lowering& out);

}  // namespace imbrex::onnx_reader
