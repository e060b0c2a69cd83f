// Matrix products with numpy's rules for leading axes, whichever side is constant.
#pragma once

#include "lowering.hpp"

namespace imbrex::onnx_reader {

// One side of a product: a run-time tensor, or constant weights of which only the shape matters.
struct Factor {
  Dims dims;                         // at least two axes
  TensorId tensor = TensorId::none;  // none: constant
};

Factor factor(const NodeView& node, std::size_t operand, const Lowering& out);
// Exchanges the last two axes.
Factor flipped(const NodeView& node, const Factor& given, Lowering& out, std::string_view what);

// Shape of left x right, each with at least two axes. Errors: InputError.
Dims product_shape(const NodeView& node, const Dims& left, const Dims& right);

// Adds the product under the node's name; helpers (reshape, transpose) get names of parts.
// MACs are exact: batch x M x N x K. At least one side must be a run-time tensor.
TensorId add_product(const NodeView& node, const std::string& name, const Factor& left,
                     const Factor& right, Lowering& out);

}  // namespace imbrex::onnx_reader
