// Until opset 6 the second operand of an operator was placed by `axis` below axes of the first;
// since opset 7 numpy's rule places it below the last ones.
#pragma once

#include "node_view.hpp"

#include <imbrex/values/backward_map.hpp>

namespace imbrex::onnx_reader {

// Shape of operand i with as many trailing ones as put it, by numpy's rule, where the operator's
// opset puts it. Slopes of PRelu are one per channel there. Errors: InputError when the shape does
// not fit the axes.
Dims aligned_dims(const NodeView& node, std::size_t i);

// Element by element from an operand of shape `input`, placed as `aligned_dims` says.
BackwardMap aligned_map(const Shape& input, const Dims& aligned, const Shape& output);

}  // namespace imbrex::onnx_reader
