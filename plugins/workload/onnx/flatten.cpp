#include "flatten.hpp"

#include "convert.hpp"
#include "execution_order.hpp"
#include "flattener.hpp"
#include "fold.hpp"
#include "unread_results.hpp"
#include "widths.hpp"

#include <imbrex/plugin/error.hpp>

#include <algorithm>

#include <fmt/core.h>

namespace imbrex::onnx_reader {
namespace {

// Functions that call functions can multiply without end.
constexpr std::int64_t kMaxInlined = 200'000;

bool is_training_operator(const Node& node) {
  return node.type.ends_with("Grad") || node.domain == "ai.onnx.training" ||
         node.domain == "ai.onnx.preview.training";
}

}  // namespace

Flattener::Flattener(const ::onnx::ModelProto& model, const FlattenOptions& options)
    : model_(model),
      options_(options),
      shapes_(options.shapes),
      bindings_(options.bind, shapes_),
      opsets_(opsets_of(model)) {
  for (const auto& function : model.functions()) {
    functions_[{normal_domain(function.domain()), function.name()}] = &function;
  }
}

Network Flattener::run() {
  Scope scope;
  scope.opsets = &opsets_;
  scope.graph = &model_.graph();
  network_.name = printable(model_.graph().name());
  network_.batch = options_.batch.batch;
  std::vector<Value> inputs = bindings_.read_inputs(model_.graph());
  network_.batch_axis = static_cast<std::size_t>(std::max<std::int64_t>(options_.batch.axis, 0));
  network_.batch_axes = enlarge(inputs, options_.batch);
  for (Value& value : inputs) {
    const bool constant = value.constant || checked_elements(value.dims, "an input") == 0;
    const ValueId id = add_value(std::move(value), constant);
    scope.values[network_.at(id).name] = id;
    network_.inputs.push_back(id);
  }
  run_graph(scope);
  for (const auto& output : model_.graph().output()) {
    network_.outputs.push_back(require(scope, output.name()));
  }
  shapes_.require_all_used();
  drop_unread_results(network_);
  return std::move(network_);
}

ValueId Flattener::add_value(Value value, bool constant) {
  value.constant = constant;
  if (constant && !value.data &&
      std::find(value.dims.begin(), value.dims.end(), 0) != value.dims.end()) {
    value.data = std::make_shared<const Data>();
  }
  network_.values.push_back(std::move(value));
  return static_cast<ValueId>(network_.values.size() - 1);
}

ValueId Flattener::require(const Scope& scope, const std::string& name) {
  const ValueId* found = scope.find(name);
  if (found == nullptr || *found == kNoValue) {
    throw InputError(
        fmt::format("output {} is provided by no node, input or constant", in_quotes(name)));
  }
  return *found;
}

void Flattener::run_graph(Scope& scope) {
  scope.stored = stored_types(*scope.graph);
  for (const auto& tensor : scope.graph->initializer()) {
    const auto [known, fresh] = constants_.try_emplace(&tensor, kNoValue);
    if (fresh) {
      known->second = add_value(to_value(tensor), true);
    }
    scope.values[tensor.name()] = known->second;
  }
  for (const auto& tensor : scope.graph->sparse_initializer()) {
    scope.values[tensor.values().name()] = add_value(to_value(tensor), true);
  }
  run_nodes(scope.graph->node(), scope);
}

void Flattener::run_nodes(const NodeList& nodes, Scope& scope) {
  const auto order =
      execution_order(nodes, [&](const std::string& name) { return scope.find(name) != nullptr; });
  for (const int i : order) {
    run_node(nodes[i], scope);
  }
}

void Flattener::run_node(const ::onnx::NodeProto& proto, Scope& scope) {
  if (scope.depth > 0 && ++inlined_ > kMaxInlined) {
    throw InputError(
        fmt::format("its functions and branches expand to more than {} nodes", kMaxInlined));
  }
  // A body that runs several times has its constants once.
  const bool repeats = scope.depth > 0 && scope.call == nullptr && proto.op_type() == "Constant";
  if (const auto known = constants_.find(&proto); repeats && known != constants_.end()) {
    scope.values[proto.output(0)] = known->second;
    return;
  }
  Node node = make_node(proto, scope);
  if (is_training_operator(node)) {
    throw InputError(
        fmt::format("is a training graph: node {} ({}) belongs to training; export the "
                    "network for inference",
                    in_quotes(node.name), printable(node.type)));
  }
  const auto function = functions_.find({node.domain, node.type});
  if (function != functions_.end()) {
    inline_function(*function->second, node, proto, scope);
  } else if (node.domain.empty() && node.type == "If") {
    inline_branch(node, proto, scope);
  } else if (node.domain.empty() && (node.type == "Loop" || node.type == "Scan")) {
    unroll(std::move(node), proto, scope);
  } else {
    evaluate(std::move(node), proto, scope);
  }
  if (repeats && proto.output_size() == 1) {
    constants_[&proto] = scope.values[proto.output(0)];
  }
}

Node Flattener::make_node(const ::onnx::NodeProto& proto, const Scope& scope) const {
  Node node;
  node.type = proto.op_type();
  node.domain = normal_domain(proto.domain());
  const auto opset = scope.opsets->find(node.domain);
  node.opset = opset != scope.opsets->end() ? opset->second : 1;
  node.name = proto.name();
  for (int i = 0; node.name.empty() && i < proto.output_size(); ++i) {
    node.name = proto.output(i);
  }
  node.name = printable(scope.prefix + (node.name.empty() ? node.type : node.name));
  for (const std::string& name : proto.input()) {
    const ValueId* found = name.empty() ? nullptr : scope.find(name);
    node.inputs.push_back(found == nullptr ? kNoValue : *found);
  }
  for (const auto& attribute : proto.attribute()) {
    add_attribute(node, attribute, scope);
  }
  return node;
}

// Inside a function an attribute may stand for one of the call.
void Flattener::add_attribute(Node& node, const ::onnx::AttributeProto& proto, const Scope& scope) {
  if (proto.ref_attr_name().empty()) {
    node.attributes.push_back(to_attribute(proto));
    return;
  }
  if (scope.call == nullptr) {
    return;
  }
  for (const Attribute& given : scope.call->attributes) {
    if (given.name == proto.ref_attr_name()) {
      node.attributes.push_back(given);
      node.attributes.back().name = proto.name();
    }
  }
}

void Flattener::evaluate(Node node, const ::onnx::NodeProto& proto, Scope& scope) {
  node.outputs.assign(static_cast<std::size_t>(proto.output_size()), kNoValue);
  // What its bodies read from outside is an input as well.
  for (const std::string& name : captured_names(proto)) {
    const ValueId* found = scope.find(name);
    if (found != nullptr && *found != kNoValue) {
      node.inputs.push_back(*found);
    }
  }
  const NodeView view(network_, node);
  bool dynamic = false;
  for (std::size_t i = 0; i < view.input_count(); ++i) {
    dynamic = dynamic || view.is_dynamic(i);
  }
  std::optional<std::vector<Value>> results;
  if (!dynamic || node.type == "Shape" || node.type == "Size") {
    results = fold(view);
    dynamic = dynamic && !results;
  }
  const bool folded = results.has_value();
  const ShapeSources sources{scope.stored, bindings_, shapes_, options_.on_unknown};
  if (!results) {
    results = unfolded_results(view, proto, sources);
  }
  set_types(view, folded, *results);
  if (!folded) {
    take_stored_types(view, proto, *results, sources);
  }
  require_stored_shapes(view, proto, *results, sources);
  bind_results(std::move(node), *std::move(results), dynamic, proto, scope);
}

void Flattener::bind_results(Node node, std::vector<Value> results, bool dynamic,
                             const ::onnx::NodeProto& proto, Scope& scope) {
  bool any_dynamic = false;
  for (int i = 0; i < proto.output_size(); ++i) {
    const auto position = static_cast<std::size_t>(i);
    if (proto.output(i).empty()) {
      continue;
    }
    if (position >= results.size()) {
      NodeView(network_, node).fail(fmt::format("it has no result number {}", i));
    }
    Value value = std::move(results[position]);
    value.name = proto.output(i);
    value.producer = dynamic ? static_cast<std::int32_t>(network_.nodes.size()) : -1;
    const std::int64_t elements =
        checked_elements(value.dims, fmt::format("the result of node {}", in_quotes(node.name)));
    any_dynamic = any_dynamic || (dynamic && elements > 0);
    node.outputs[position] = add_value(std::move(value), !dynamic || elements == 0);
    scope.values[proto.output(i)] = node.outputs[position];
  }
  if (any_dynamic) {
    node.name = names_.make(node.name);
    network_.nodes.push_back(std::move(node));
  }
}

Network flatten(const ::onnx::ModelProto& model, const FlattenOptions& options) {
  return Flattener(model, options).run();
}

}  // namespace imbrex::onnx_reader
