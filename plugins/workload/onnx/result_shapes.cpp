#include "result_shapes.hpp"

#include "convert.hpp"
#include "rules.hpp"
#include "schema_inference.hpp"
#include "text.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include <fmt/core.h>

namespace imbrex::onnx_reader {
namespace {

SymbolLookup lookup_in(const ShapeSources& sources) {
  return [&](const std::string& symbol) { return sources.bindings.extent(symbol); };
}

std::optional<Dims> stored_dims(const std::string& name, const ShapeSources& sources) {
  const auto found = sources.stored.find(name);
  return found == sources.stored.end() ? std::nullopt
                                       : static_dims(*found->second, lookup_in(sources));
}

// An extent that the file leaves open.
constexpr std::int64_t kOpen = -1;

// One entry per axis; open where the file gives no positive number. Some exporters store the shape
// of a scalar for results they know nothing about.
Dims partly_stored_dims(const ::onnx::TypeProto& type, const SymbolLookup& lookup) {
  Dims dims;
  for (const auto& dim : type.tensor_type().shape().dim()) {
    const std::optional<std::int64_t> extent =
        dim.has_dim_value() ? std::optional(dim.dim_value()) : lookup(dim.dim_param());
    dims.push_back(extent.value_or(0) > 0 ? *extent : kOpen);
  }
  return dims;
}

bool agree(const Dims& computed, const Dims& stored) {
  return stored.empty() ||
         std::equal(computed.begin(), computed.end(), stored.begin(), stored.end(),
                    [](std::int64_t a, std::int64_t b) { return a == b || b == kOpen; });
}

std::vector<Dims> shapes_without_rule(const NodeView& view, const ::onnx::NodeProto& proto,
                                      const ShapeSources& sources) {
  const Node& node = view.node();
  const bool known = has_schema(node);
  if (!known && sources.on_unknown == OnUnknown::error) {
    if (hides_work(node)) {
      view.fail(
          "multiplies in a way that cannot be mapped, so that its work would be missing; "
          "on_unknown = \"barrier\" keeps it as an operator that waits for all of its inputs and "
          "counts it as unmapped");
    }
    view.fail(fmt::format(
        "operator {} of domain {}, opset {}, is not known; on_unknown = \"barrier\" keeps "
        "it as an operator that waits for all of its inputs and counts it as unmapped",
        in_quotes(node.type), in_quotes(node.domain.empty() ? "ai.onnx" : node.domain),
        node.opset));
  }
  if (known) {
    if (auto inferred = infer_with_schema(view)) {
      return *std::move(inferred);
    }
  }
  std::vector<Dims> shapes;
  for (const std::string& name : proto.output()) {
    auto stored = stored_dims(name, sources);
    if (const Dims* given = stored ? nullptr : sources.given.find(name)) {
      stored = *given;
    }
    if (!stored && !name.empty()) {
      view.fail(
          fmt::format("the shape of its result {} is neither known nor stored in the file; export "
                      "the network with inferred shapes, or give it in the recipe, for example:\n  "
                      "[workload.shape]\n  \"{}\" = [1, 64]",
                      in_quotes(name), printable(name)));
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

void take_stored_types(const NodeView& view, const ::onnx::NodeProto& proto,
                       std::vector<Value>& results, const ShapeSources& sources) {
  if (find_rule(view.node().domain, view.type()) != nullptr) {
    return;
  }
  const auto count = std::min(results.size(), static_cast<std::size_t>(proto.output_size()));
  for (std::size_t i = 0; i < count; ++i) {
    const auto found = sources.stored.find(proto.output(static_cast<int>(i)));
    const std::int32_t type =
        found == sources.stored.end() ? 0 : found->second->tensor_type().elem_type();
    results[i].type = type != element_type::kUnknown ? type : results[i].type;
  }
}

void require_stored_shapes(const NodeView& view, const ::onnx::NodeProto& proto,
                           const std::vector<Value>& results, const ShapeSources& sources) {
  const auto count = std::min(results.size(), static_cast<std::size_t>(proto.output_size()));
  for (std::size_t i = 0; i < count; ++i) {
    const std::string& name = proto.output(static_cast<int>(i));
    const Dims* given = sources.given.find(name);
    if (given != nullptr && *given != results[i].dims) {
      view.fail(fmt::format("its result {} has shape {}, but [workload.shape] says {}",
                            in_quotes(name), to_text(results[i].dims), to_text(*given)));
    }
  }
  for (std::size_t i = 0; i < count && view.batch() == 1; ++i) {
    const std::string& name = proto.output(static_cast<int>(i));
    const auto found = sources.stored.find(name);
    if (name.empty() || found == sources.stored.end()) {
      continue;
    }
    const Dims stored = partly_stored_dims(*found->second, lookup_in(sources));
    if (!agree(results[i].dims, stored)) {
      view.fail(fmt::format("its result {} has shape {}, but the file stores {}", in_quotes(name),
                            to_text(results[i].dims), to_text(stored)));
    }
  }
}

}  // namespace imbrex::onnx_reader
