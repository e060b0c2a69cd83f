// The network itself: its inputs, its layers one by one, its outputs.
#include "network.hpp"

#include <imbrex/toolkit/extents/bounded_extents.hpp>

#include <fmt/format.h>

namespace imbrex::toml_reader {
namespace {

// A file of a few lines could ask for more operators than fit in memory.
constexpr std::int64_t kMaxOperators = 200'000;
constexpr std::int64_t kMaxRepeat = 10'000;
// What it costs to expand the blocks and repetitions of a file, in layers and what belongs to them:
// blocks that call blocks can ask for any amount of it with few operators, or with none.
constexpr std::int64_t kMaxExpansion = 2'000'000;
constexpr std::size_t kNameBytes = 64;  // of a name that count as much as a layer

// Dots separate calls from their layers, dollars mark arguments, "in" is the input of a block.
std::string layer_name(Fields& fields) {
  std::string name = fields.text("name", "");
  if (name == "in" || name.find_first_of(".$ ") != std::string::npos) {
    fields.complain(fields.find("name"),
                    "expected a name other than 'in', without dots, dollars and spaces");
  }
  return name;
}

// Multiplies the axis of an input that counts samples, the first one where nothing is said; returns
// the one that is said. -1 in the file: the input holds no samples.
std::int64_t enlarge(Shape& shape, Fields& fields, const ReaderOptions& options) {
  const std::int64_t axis = fields.integer("batch_axis", options.batch_axis, kNoBatchAxis);
  if (axis >= shape.rank) {
    fields.complain(
        fmt::format("expected an axis below {} that counts samples, given {}", shape.rank, axis));
  } else if (axis != kNoBatchAxis || !fields.has("batch_axis")) {
    std::int64_t& samples = shape.extent[static_cast<std::size_t>(std::max<std::int64_t>(axis, 0))];
    samples = extents::bounded_product(samples, options.batch);
  }
  return axis;
}

}  // namespace

Network::Network(const Document& document, WorkloadBuilder& builder, const ReaderOptions& options)
    : document_(document), builder_(builder), options_(options), complaints_(document) {}

void Network::build() {
  check_structure(document_.root(), complaints_);
  complaints_.throw_if_any();
  blocks_ = document_.root().find("block");
  defaults_ = document_.root().find("defaults");
  read_inputs();
  const DocumentNode network = document_.root().find("network");
  Scope scope;
  if (names_.size() == 1) {
    scope.previous = names_.begin()->second;
    scope.has_previous = true;
  }
  build_layers(network.find("layers"), scope);
  mark_outputs(scope);
  complaints_.throw_if_any();
}

void Network::read_inputs() {
  const DocumentNode inputs = document_.root().find("input");
  const Arguments none;
  std::vector<BatchInput> batched;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    Fields fields(inputs[i], {}, none, complaints_, options_.bits);
    const std::vector<std::int64_t> extents = fields.required_integers("shape");
    const std::int32_t bits = fields.bits("bits");
    if (extents.size() > kMaxRank) {
      fields.complain(fields.find("shape"), fmt::format("expected at most {} extents", kMaxRank));
    }
    TensorId id = TensorId::none;
    if (!fields.failed()) {
      Shape shape;
      for (const std::int64_t extent : extents) {
        shape.extent[shape.rank++] = extent;
      }
      const std::int64_t axis = enlarge(shape, fields, options_);
      batched.push_back({inputs[i].key(), shape, axis});
      try {
        id = builder_.input(inputs[i].key(), shape, bits);
      } catch (const InputError& error) {
        fields.complain(fields.find("shape"), error.what());
      }
    }
    names_.emplace(inputs[i].key(), id);
  }
  if (complaints_.empty()) {
    builder_.samples(samples_of(batched, options_.batch));
  }
}

void Network::build_layers(DocumentNode layers, Scope& scope) {
  for (std::size_t i = 0; i < layers.size(); ++i) {
    build_layer(layers[i], scope);
  }
}

void Network::expand(DocumentNode layer, std::size_t parts) {
  expanded_ += static_cast<std::int64_t>(parts);
  if (expanded_ > kMaxExpansion) {
    complaints_.add(layer.position(),
                    fmt::format("expected blocks and repetitions that expand to at most {} layers, "
                                "inputs and arguments",
                                kMaxExpansion));
    complaints_.throw_if_any();
  }
}

void Network::build_layer(DocumentNode layer, Scope& scope) {
  expand(layer, 1);
  Fields fields(layer, {}, scope.arguments, complaints_);
  const std::int64_t repeat = fields.integer("repeat", 1, 0);
  if (repeat > kMaxRepeat) {
    fields.complain(fields.find("repeat"), fmt::format("expected at most {}", kMaxRepeat));
  }
  const std::string given = layer_name(fields);
  std::optional<std::vector<TensorId>> operands = operands_of(layer, scope);
  if (fields.failed() || !operands) {
    scope.previous = TensorId::none;
    scope.has_previous = true;
    return;
  }
  const DocumentNode kind = layer.find("op") ? layer.find("op") : layer.find("block");
  for (std::int64_t i = 0; i < repeat; ++i) {
    std::string name = given;
    if (given.empty()) {
      name = fmt::format("{}{}", *kind.string(), ++scope.counters[std::string(*kind.string())]);
    } else if (layer.find("repeat")) {
      name = fmt::format("{}{}", given, i + 1);
    }
    build_once(layer, scope, scope.prefix + name, *operands);
    operands = {scope.previous};
  }
  if (!given.empty() && layer.find("repeat")) {
    remember(layer, scope.prefix + given, scope.previous);
  }
}

void Network::build_once(DocumentNode layer, Scope& scope, const std::string& name,
                         const std::vector<TensorId>& operands) {
  TensorId result = TensorId::none;
  bool usable = true;
  for (const TensorId id : operands) {
    usable = usable && id != TensorId::none;  // else complained about already
  }
  if (++operators_ > kMaxOperators) {
    complaints_.add(layer.position(), fmt::format("expected at most {} operators", kMaxOperators));
    complaints_.throw_if_any();
  }
  expand(layer, 1 + operands.size() + name.size() / kNameBytes);
  if (usable) {
    result = layer.find("op") ? build_operator(layer, scope, name, operands)
                              : call_block(layer, scope, name, operands);
  }
  remember(layer, name, result);
  scope.previous = result;
  scope.has_previous = true;
}

TensorId Network::build_operator(DocumentNode layer, Scope& scope, const std::string& name,
                                 const std::vector<TensorId>& operands) {
  const std::string_view word = *layer.find("op").string();
  const OperatorForm& form = *find_form(word);
  Fields fields(layer, defaults_.find(word), scope.arguments, complaints_, options_.bits);
  if (operands.size() < form.min_operands || operands.size() > form.max_operands) {
    fields.complain(fmt::format("expected {}{} inputs of operator '{}', given {}",
                                form.max_operands > form.min_operands ? "at least " : "",
                                form.min_operands, word, operands.size()));
    return TensorId::none;
  }
  try {
    LayerInput in{builder_, fields, name, operands};
    const TensorId result = form.build(in);
    if (result == TensorId::none) {
      return result;
    }
    if (fields.has("chain")) {
      build_chain(in, word, result);
    }
    builder_.source_type(result, form.word);
    return attach(fields, name, result);
  } catch (const InputError& error) {
    fields.complain(error.what());
    return TensorId::none;
  }
}

// What follows a layer without a line of its own: its bias, then its activation function.
TensorId Network::attach(Fields& fields, const std::string& name, TensorId data) {
  if (fields.boolean("bias", false)) {
    data = builder_.activation(name + ".bias", data);
    builder_.source_type(data, "bias");
  }
  const std::string activation = fields.text("activation", "");
  if (!activation.empty() && activation != "none") {
    data = builder_.activation(fmt::format("{}.{}", name, activation), data);
    builder_.source_type(data, activation);
  }
  return data;
}

std::optional<TensorId> Network::resolve(std::string_view name, const Scope& scope) const {
  if (!name.empty() && name.front() == '$') {
    const auto bound = scope.layers.find(name.substr(1));
    return bound == scope.layers.end() ? std::nullopt : std::optional(bound->second);
  }
  if (name == "in" && scope.caller != nullptr) {
    return scope.block_input;
  }
  const auto found = names_.find(scope.prefix + std::string(name));
  return found == names_.end() ? std::nullopt : std::optional(found->second);
}

TensorId Network::resolve_or_complain(DocumentNode node, const Scope& scope) {
  const std::string_view name = node.string().value_or("");
  if (const auto id = resolve(name, scope)) {
    return *id;
  }
  if (complaints_.holds(node.position())) {
    return TensorId::none;
  }
  std::vector<std::string_view> known;
  for (auto at = names_.lower_bound(scope.prefix);
       complaints_.suggests() && at != names_.end() && at->first.starts_with(scope.prefix); ++at) {
    known.push_back(std::string_view(at->first).substr(scope.prefix.size()));
  }
  const std::string_view nearest = nearest_name(name, known);
  complaints_.add(
      node.position(),
      fmt::format("expected the name of an earlier layer{}, given '{}'{}",
                  scope.caller == nullptr ? "" : " of this block, or 'in'", name,
                  nearest.empty() ? std::string() : fmt::format("; did you mean '{}'?", nearest)));
  return TensorId::none;
}

std::optional<std::vector<TensorId>> Network::operands_of(DocumentNode layer, const Scope& scope) {
  const DocumentNode input = layer.find("input");
  std::vector<TensorId> result;
  if (!input) {
    if (!scope.has_previous) {
      complaints_.add(layer.position(), "expected the key 'input': the network has several inputs");
      return std::nullopt;
    }
    return std::vector{scope.previous};
  }
  if (input.kind() != NodeKind::array) {
    result.push_back(resolve_or_complain(input, scope));
  }
  for (std::size_t i = 0; i < input.size() && input.kind() == NodeKind::array; ++i) {
    result.push_back(resolve_or_complain(input[i], scope));
  }
  return result;
}

void Network::remember(DocumentNode layer, const std::string& name, TensorId tensor) {
  if (!names_.emplace(name, tensor).second) {
    const DocumentNode at = layer.find("name");
    complaints_.add(at ? at.position() : layer.position(),
                    fmt::format("expected a name of its own, '{}' is taken", name));
  }
}

void Network::mark_outputs(Scope& scope) {
  const DocumentNode outputs = document_.root().find("network").find("outputs");
  if (outputs && outputs.kind() != NodeKind::array) {
    complaints_.add(outputs.position(), "expected outputs as a list of layer names");
  }
  for (std::size_t i = 0; i < outputs.size() && outputs.kind() == NodeKind::array; ++i) {
    const TensorId id = resolve_or_complain(outputs[i], scope);
    try {
      if (id != TensorId::none) {
        builder_.output(id);
      }
    } catch (const InputError& error) {
      complaints_.add(outputs[i].position(), error.what());
    }
  }
}

}  // namespace imbrex::toml_reader
