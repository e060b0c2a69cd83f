#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <onnx/onnx_pb.h>

namespace imbrex::onnx_reader {

using NodeList = google::protobuf::RepeatedPtrField<::onnx::NodeProto>;

// How messages call a node: 'name' (Type), or 'first output' (Type) when it has no name.
std::string describe(const ::onnx::NodeProto& node);

// Names that the sub-graphs of a node read from around it; a name may come more than once.
std::vector<std::string> captured_names(const ::onnx::NodeProto& node);

// Indices of the nodes such that every operand is made before it is read; file order where that is
// already so, lowest index first otherwise. `is_known` tells names that come from outside the list.
// Names that sub-graphs capture count as operands. O((nodes + operands) log nodes).
// Errors: InputError on a cycle, on a name that nothing provides, on a name written twice.
std::vector<int> execution_order(const NodeList& nodes,
                                 const std::function<bool(const std::string&)>& is_known);

}  // namespace imbrex::onnx_reader
