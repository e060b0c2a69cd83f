// From a parsed file to a flat network: symbols bound, branches of If chosen, functions inlined,
// constants folded, every shape static. One pass in execution order: each node is folded or gets
// its shapes when all of its operands have theirs, which is where a fixpoint of folding and
// whole-graph shape inference ends.
#pragma once

#include "batch_inputs.hpp"
#include "network.hpp"

#include <imbrex/plugin/params.hpp>

#include <span>

namespace onnx {
class ModelProto;
}

namespace imbrex::onnx_reader {

enum class OnUnknown : std::uint8_t { error, barrier };

struct FlattenOptions {
  std::span<const NamedInteger> bind;
  std::span<const NamedInteger> shapes;
  OnUnknown on_unknown = OnUnknown::error;
  BatchOptions batch{};
};

// The model must outlive the network (sub-graphs of attributes are pointed to). Nodes that hold
// nothing but constants are gone; results nobody reads are kNoValue, unless a node has no other.
// Errors: InputError for everything that keeps the network from being understood.
Network flatten(const ::onnx::ModelProto& model, const FlattenOptions& options);

}  // namespace imbrex::onnx_reader
