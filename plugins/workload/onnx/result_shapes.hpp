#pragma once

#include "bindings.hpp"
#include "flatten.hpp"
#include "given_shapes.hpp"
#include "node_view.hpp"
#include "scope.hpp"

#include <vector>

namespace imbrex::onnx_reader {

// Where shapes come from that neither our rules nor the ONNX library know.
struct ShapeSources {
  const StoredTypes& stored;  // empty inside a function
  const Bindings& bindings;
  const GivenShapes& given;  // by the recipe
  OnUnknown on_unknown = OnUnknown::error;
};

// The results of a node that cannot be folded: known by shape only, one per output.
// Errors: InputError for an operator that nobody knows (unless it is a barrier) and for a shape
// that is neither known nor stored.
std::vector<Value> unfolded_results(const NodeView& view, const ::onnx::NodeProto& proto,
                                    const ShapeSources& sources);

// Element types that the file stores for the results of an operator that we have no rule for.
void take_stored_types(const NodeView& view, const ::onnx::NodeProto& proto,
                       std::vector<Value>& results, const ShapeSources& sources);

// Errors: InputError naming the node and both shapes when a result differs from what the recipe
// gives or the file stores. Of the file, only extents that the file gives are compared, and none of
// a network that was enlarged to a batch.
void require_stored_shapes(const NodeView& view, const ::onnx::NodeProto& proto,
                           const std::vector<Value>& results, const ShapeSources& sources);

}  // namespace imbrex::onnx_reader
