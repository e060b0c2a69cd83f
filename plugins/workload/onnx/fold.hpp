// Evaluates nodes on small constants: the shape arithmetic that exporters write as operators.
#pragma once

#include "node_view.hpp"

#include <optional>

namespace imbrex::onnx_reader {

// Results of a node whose operands are constants with content (for Shape and Size: operands of any
// kind). Nothing when the operator is none of those below, some content is unknown, the result
// would exceed kMaxFoldedElements or is undefined (division by zero, integer overflow). Errors:
// InputError from the shape rules.
std::optional<std::vector<Value>> fold(const NodeView& node);

// Element by element: arithmetic, comparison, logic, rounding, Cast, Where.
std::optional<Value> fold_pointwise(const NodeView& node);
// Same elements in another order, number or shape: Reshape, Transpose, Slice, Gather, Concat,
// Expand, ...
std::optional<std::vector<Value>> fold_movement(const NodeView& node);

// A constant value with content; type decides which of the two vectors is used.
Value folded_value(std::int32_t type, Dims dims, Data data);
bool has_content(const NodeView& node, std::size_t i);

}  // namespace imbrex::onnx_reader
