// Functions and branches of If in place of the nodes that stand for them.
#include "flattener.hpp"
#include "open_condition.hpp"

#include <algorithm>

#include <fmt/core.h>

namespace imbrex::onnx_reader {
namespace {

constexpr int kMaxDepth = 64;  // of inlined branches and functions

}  // namespace

void Flattener::require_depth(const Node& node, const Scope& scope) const {
  if (scope.depth >= kMaxDepth) {
    NodeView(network_, node).fail(fmt::format("is nested more than {} levels deep", kMaxDepth));
  }
}

void Flattener::inline_function(const ::onnx::FunctionProto& function, const Node& node,
                                const ::onnx::NodeProto& proto, Scope& scope) {
  require_depth(node, scope);
  const Opsets opsets = opsets_of(function);
  Scope body;
  body.opsets = function.opset_import_size() > 0 ? &opsets : scope.opsets;
  body.call = &node;
  body.prefix = node.name + "/";
  body.depth = scope.depth + 1;
  for (int i = 0; i < function.input_size(); ++i) {
    const auto position = static_cast<std::size_t>(i);
    body.values[function.input(i)] =
        position < node.inputs.size() ? node.inputs[position] : kNoValue;
  }
  run_nodes(function.node(), body);
  for (int i = 0; i < std::min(function.output_size(), proto.output_size()); ++i) {
    scope.values[proto.output(i)] = require(body, function.output(i));
  }
}

void Flattener::inline_branch(const Node& node, const ::onnx::NodeProto& proto, Scope& scope) {
  require_depth(node, scope);
  const NodeView view(network_, node);
  const Value& condition = view.input(0);
  if (!condition.constant || !condition.data || condition.data->integers.size() != 1) {
    fail_on_open_condition(network_, view);
  }
  const char* which = condition.data->integers[0] != 0 ? "then_branch" : "else_branch";
  const Attribute* attribute = view.attribute(which);
  if (attribute == nullptr || attribute->graph == nullptr) {
    view.fail(fmt::format("attribute '{}' is missing", which));
  }
  Scope branch;
  branch.outer = &scope;
  branch.opsets = scope.opsets;
  branch.graph = attribute->graph;
  branch.call = scope.call;
  branch.prefix = scope.prefix;
  branch.depth = scope.depth + 1;
  run_graph(branch);
  for (int i = 0; i < std::min(proto.output_size(), attribute->graph->output_size()); ++i) {
    scope.values[proto.output(i)] = require(branch, attribute->graph->output(i).name());
  }
}

}  // namespace imbrex::onnx_reader
