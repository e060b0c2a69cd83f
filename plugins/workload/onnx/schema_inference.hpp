// Shapes from the ONNX library itself, one node at a time, for operators without a row in the
// operator table and for constant sub-graphs whose content is unknown. Called in execution order
// with every operand static and every small constant folded, one call gives what a fixpoint of
// whole-graph inference and folding would.
#pragma once

#include "node_view.hpp"

#include <optional>

namespace imbrex::onnx_reader {

// Does the operator run a sub-graph or compute products that no rule of ours maps (Loop, Scan,
// DeformConv, ...)?
bool hides_work(const Node& node);

// Does the installed ONNX library know the operator? Operators that hide work count as unknown.
bool has_schema(const Node& node);

// Shapes of the results; nothing when the library cannot tell. Never throws, never runs operators
// with windows (the library divides by strides unchecked).
std::optional<std::vector<Dims>> infer_with_schema(const NodeView& node);

}  // namespace imbrex::onnx_reader
