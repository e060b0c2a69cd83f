#include "flatten.hpp"

#include "bindings.hpp"
#include "convert.hpp"
#include "execution_order.hpp"
#include "fold.hpp"
#include "open_condition.hpp"
#include "result_shapes.hpp"
#include "scope.hpp"
#include "text.hpp"
#include "unread_results.hpp"
#include "widths.hpp"

#include <imbrex/error.hpp>

#include <algorithm>
#include <map>

#include <fmt/core.h>

namespace imbrex::onnx_reader {
namespace {

constexpr int kMaxDepth = 64;  // of inlined branches and functions
// Functions that call functions can multiply without end.
constexpr std::int64_t kMaxInlined = 200'000;

bool is_training_operator(const Node& node) {
  return node.type.ends_with("Grad") || node.domain == "ai.onnx.training" ||
         node.domain == "ai.onnx.preview.training";
}

class Flattener {
 public:
  Flattener(const ::onnx::ModelProto& model, const FlattenOptions& options)
      : model_(model), options_(options), bindings_(options.bind), opsets_(opsets_of(model)) {
    for (const auto& function : model.functions()) {
      functions_[{normal_domain(function.domain()), function.name()}] = &function;
    }
  }

  Network run() {
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
    drop_unread_results(network_);
    return std::move(network_);
  }

 private:
  struct FunctionKey {
    std::string domain;
    std::string name;
    auto operator<=>(const FunctionKey&) const = default;
  };

  ValueId add_value(Value value, bool constant) {
    value.constant = constant;
    if (constant && !value.data &&
        std::find(value.dims.begin(), value.dims.end(), 0) != value.dims.end()) {
      value.data = std::make_shared<const Data>();
    }
    network_.values.push_back(std::move(value));
    return static_cast<ValueId>(network_.values.size() - 1);
  }

  static ValueId require(const Scope& scope, const std::string& name) {
    const ValueId* found = scope.find(name);
    if (found == nullptr || *found == kNoValue) {
      throw InputError(
          fmt::format("output {} is provided by no node, input or constant", quoted(name)));
    }
    return *found;
  }

  void run_graph(Scope& scope) {
    scope.stored = stored_types(*scope.graph);
    for (const auto& tensor : scope.graph->initializer()) {
      scope.values[tensor.name()] = add_value(to_value(tensor), true);
    }
    for (const auto& tensor : scope.graph->sparse_initializer()) {
      scope.values[tensor.values().name()] = add_value(to_value(tensor), true);
    }
    run_nodes(scope.graph->node(), scope);
  }

  void run_nodes(const NodeList& nodes, Scope& scope) {
    const auto order = execution_order(
        nodes, [&](const std::string& name) { return scope.find(name) != nullptr; });
    for (const int i : order) {
      run_node(nodes[i], scope);
    }
  }

  void run_node(const ::onnx::NodeProto& proto, Scope& scope) {
    if (scope.depth > 0 && ++inlined_ > kMaxInlined) {
      throw InputError(
          fmt::format("its functions and branches expand to more than {} nodes", kMaxInlined));
    }
    Node node = make_node(proto, scope);
    if (is_training_operator(node)) {
      throw InputError(
          fmt::format("is a training graph: node {} ({}) belongs to training; export the "
                      "network for inference",
                      quoted(node.name), printable(node.type)));
    }
    const auto function = functions_.find({node.domain, node.type});
    if (function != functions_.end()) {
      inline_function(*function->second, node, proto, scope);
    } else if (node.domain.empty() && node.type == "If") {
      inline_branch(node, proto, scope);
    } else {
      evaluate(std::move(node), proto, scope);
    }
  }

  Node make_node(const ::onnx::NodeProto& proto, const Scope& scope) const {
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
  static void add_attribute(Node& node, const ::onnx::AttributeProto& proto, const Scope& scope) {
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

  void require_depth(const Node& node, const Scope& scope) const {
    if (scope.depth >= kMaxDepth) {
      NodeView(network_, node).fail(fmt::format("is nested more than {} levels deep", kMaxDepth));
    }
  }

  void inline_function(const ::onnx::FunctionProto& function, const Node& node,
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

  void inline_branch(const Node& node, const ::onnx::NodeProto& proto, Scope& scope) {
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

  void evaluate(Node node, const ::onnx::NodeProto& proto, Scope& scope) {
    node.outputs.assign(static_cast<std::size_t>(proto.output_size()), kNoValue);
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
    const ShapeSources sources{scope.stored, bindings_, options_.on_unknown};
    if (!results) {
      results = unfolded_results(view, proto, sources);
    }
    set_types(view, folded, *results);
    require_stored_shapes(view, proto, *results, sources);
    bind_results(std::move(node), *std::move(results), dynamic, proto, scope);
  }

  void bind_results(Node node, std::vector<Value> results, bool dynamic,
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
          checked_elements(value.dims, fmt::format("the result of node {}", quoted(node.name)));
      any_dynamic = any_dynamic || (dynamic && elements > 0);
      node.outputs[position] = add_value(std::move(value), !dynamic || elements == 0);
      scope.values[proto.output(i)] = node.outputs[position];
    }
    if (any_dynamic) {
      node.name = names_.make(node.name);
      network_.nodes.push_back(std::move(node));
    }
  }

  const ::onnx::ModelProto& model_;
  const FlattenOptions& options_;
  Bindings bindings_;
  Opsets opsets_;
  std::map<FunctionKey, const ::onnx::FunctionProto*> functions_;
  UniqueNames names_;
  Network network_;
  std::int64_t inlined_ = 0;
};

}  // namespace

Network flatten(const ::onnx::ModelProto& model, const FlattenOptions& options) {
  return Flattener(model, options).run();
}

}  // namespace imbrex::onnx_reader
