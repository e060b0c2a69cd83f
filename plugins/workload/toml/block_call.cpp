// Calls of blocks: arguments are bound by name, layers of the call are named "call.layer".
#include "network.hpp"

#include <fmt/format.h>

namespace imbrex::toml_reader {
namespace {

constexpr int kMaxDepth = 32;

// Numbers and expressions become numbers, other texts stay texts and are looked up where they are
// used.
Argument evaluate_argument(Fields& fields, DocumentNode node, const Arguments& arguments) {
  const auto text = node.string();
  if (text && text->find('$') == std::string_view::npos) {
    return std::string(*text);
  }
  if (text) {
    if (const Argument* passed_on = find_argument(*text, arguments)) {
      return *passed_on;
    }
  }
  return fields.value(node, 1);
}

}  // namespace

// A text may name a layer of the caller, or pass on a layer that the caller was given.
void Network::bind_argument(Fields& fields, const std::string& name, DocumentNode node,
                            const Scope& caller, Scope& inner) {
  inner.arguments[name] = evaluate_argument(fields, node, caller.arguments);
  if (node.string()) {
    if (const auto layer = resolve(*node.string(), caller)) {
      inner.layers[name] = *layer;
    }
  }
}

bool Network::bind_arguments(DocumentNode layer, DocumentNode block, const Scope& caller,
                             Scope& inner) {
  Fields fields(layer, {}, caller.arguments, complaints_);
  const DocumentNode required = block.find("arguments");
  const DocumentNode optional = block.find("optional");
  expand(layer, required.size() + optional.size());
  for (std::size_t i = 0; i < required.size(); ++i) {
    const std::string name(*required[i].string());
    if (const DocumentNode given = layer.find(name)) {
      bind_argument(fields, name, given, caller, inner);
    } else {
      fields.complain(fmt::format("expected the argument '{}' of block '{}'", name, block.key()));
    }
  }
  for (std::size_t i = 0; i < optional.size(); ++i) {
    const DocumentNode given = layer.find(optional[i].key());
    bind_argument(fields, std::string(optional[i].key()), given ? given : optional[i], caller,
                  inner);
  }
  return !fields.failed();
}

TensorId Network::call_block(DocumentNode layer, Scope& scope, const std::string& name,
                             const std::vector<TensorId>& operands) {
  const DocumentNode block = blocks_.find(*layer.find("block").string());
  if (scope.depth >= kMaxDepth) {
    complaints_.add(
        layer.position(),
        fmt::format("expected blocks nested at most {} deep; block '{}' may call itself", kMaxDepth,
                    block.key()));
    complaints_.throw_if_any();
  }
  if (operands.size() != 1) {
    complaints_.add(layer.position(),
                    fmt::format("expected 1 input of block '{}', given {}; pass names of further "
                                "layers as arguments",
                                block.key(), operands.size()));
    return TensorId::none;
  }
  Scope inner;
  inner.prefix = name + ".";
  inner.block_input = operands[0];
  inner.previous = operands[0];
  inner.has_previous = true;
  inner.caller = &scope;
  inner.depth = scope.depth + 1;
  if (!bind_arguments(layer, block, scope, inner)) {
    return TensorId::none;
  }
  build_layers(block.find("layers"), inner);
  const DocumentNode output = block.find("output");
  return output ? resolve_or_complain(output, inner) : inner.previous;
}

}  // namespace imbrex::toml_reader
