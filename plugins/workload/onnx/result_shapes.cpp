#include "result_shapes.hpp"

#include "convert.hpp"
#include "rules.hpp"
#include "schema_inference.hpp"
#include "text.hpp"

#include <optional>
#include <string>

#include <fmt/core.h>

namespace imbrex::onnx_reader {
namespace {

std::optional<Dims> stored_dims(const std::string& name, const ShapeSources& sources) {
  if (sources.graph == nullptr) {
    return std::nullopt;
  }
  const auto lookup = [&](const std::string& symbol) { return sources.bindings.extent(symbol); };
  for (const auto* list : {&sources.graph->value_info(), &sources.graph->output()}) {
    for (const auto& info : *list) {
      if (info.name() == name) {
        return static_dims(info.type(), lookup);
      }
    }
  }
  return std::nullopt;
}

std::vector<Dims> shapes_without_rule(const NodeView& view, const ::onnx::NodeProto& proto,
                                      const ShapeSources& sources) {
  const Node& node = view.node();
  const bool known = has_schema(node);
  if (!known && sources.on_unknown == OnUnknown::error) {
    view.fail(fmt::format(
        "operator {} of domain {}, opset {}, is not known; on_unknown = \"barrier\" keeps "
        "it as an operator that waits for all of its inputs",
        quoted(node.type), quoted(node.domain.empty() ? "ai.onnx" : node.domain), node.opset));
  }
  if (known) {
    if (auto inferred = infer_with_schema(view)) {
      return *std::move(inferred);
    }
  }
  std::vector<Dims> shapes;
  for (const std::string& name : proto.output()) {
    auto stored = stored_dims(name, sources);
    if (!stored && !name.empty()) {
      view.fail(
          fmt::format("the shape of its result {} is neither known nor stored in the file; export "
                      "the network with inferred shapes",
                      quoted(name)));
    }
    shapes.push_back(stored.value_or(Dims{}));
  }
  return shapes;
}

}  // namespace

std::vector<Value> unfolded_results(const NodeView& view, const ::onnx::NodeProto& proto,
                                    const ShapeSources& sources) {
  std::vector<Dims> shapes;
  const Rule* rule = find_rule(view.node().domain, view.type());
  if (rule != nullptr) {
    shapes = rule->shapes(view);
  } else {
    shapes = shapes_without_rule(view, proto, sources);
  }
  std::vector<Value> results(shapes.size());
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    results[i].dims = std::move(shapes[i]);
    results[i].type = view.has_input(0) ? view.input(0).type : element_type::kFloat;
  }
  return results;
}

}  // namespace imbrex::onnx_reader
