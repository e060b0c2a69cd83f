#include "bindings.hpp"

#include "node_view.hpp"
#include "text.hpp"

#include <imbrex/plugin/document.hpp>
#include <imbrex/plugin/error.hpp>

#include <algorithm>
#include <unordered_set>

#include <fmt/core.h>

namespace imbrex::onnx_reader {
namespace {

// TOML needs quotes around keys with other characters.
std::string toml_key(const std::string& name) {
  const bool bare = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
  return bare ? name : fmt::format("\"{}\"", printable(name));
}

std::string what_is(const ::onnx::ValueInfoProto& input) {
  return fmt::format("input {}", in_quotes(input.name()));
}

// What the file stores, with a question mark for every extent it leaves open.
std::string stored_shape(const ::onnx::ValueInfoProto& input) {
  std::string text;
  for (const auto& dim : input.type().tensor_type().shape().dim()) {
    text += (text.empty() ? "" : ", ") + (dim.has_dim_value() && dim.dim_value() > 0
                                              ? std::to_string(dim.dim_value())
                                              : std::string("?"));
  }
  return "[" + text + "]";
}

[[noreturn]] void fail_on_contradiction(const ::onnx::ValueInfoProto& input, const Dims& given) {
  throw InputError(fmt::format("{} has shape {} in the file, but [workload.shape] says {}",
                               what_is(input), stored_shape(input), to_text(given)));
}

void require_rank(const ::onnx::ValueInfoProto& input, const Dims* given) {
  const auto rank = static_cast<std::size_t>(input.type().tensor_type().shape().dim_size());
  if (given != nullptr && given->size() != rank) {
    fail_on_contradiction(input, *given);
  }
}

}  // namespace

Bindings::Bindings(std::span<const NamedInteger> entries, const GivenShapes& shapes)
    : shapes_(shapes) {
  for (const NamedInteger& entry : entries) {
    entries_[entry.name] = {entry.value, false};
  }
}

std::optional<std::int64_t> Bindings::extent(const std::string& symbol) const {
  const auto entry = entries_.find(symbol);
  return entry == entries_.end() ? std::nullopt : std::optional(entry->second.value);
}

std::vector<Value> Bindings::read_inputs(const ::onnx::GraphProto& graph) {
  // Before IR version 4 initializers are listed among the inputs as well.
  std::unordered_set<std::string> stored;
  for (const auto& tensor : graph.initializer()) {
    stored.insert(tensor.name());
  }
  for (const auto& tensor : graph.sparse_initializer()) {
    stored.insert(tensor.values().name());
  }
  std::vector<Value> values;
  for (const auto& input : graph.input()) {
    if (!stored.contains(input.name())) {
      values.push_back(read_input(input));
    }
  }
  require_nothing_missing();
  require_nothing_unused();
  for (const Value& value : values) {
    checked_elements(value.dims, fmt::format("input {}", in_quotes(value.name)));
  }
  return values;
}

Value Bindings::read_input(const ::onnx::ValueInfoProto& input) {
  if (!input.type().has_tensor_type()) {
    throw InputError(
        fmt::format("{} is not a tensor; sequences, maps and optional inputs are not supported",
                    what_is(input)));
  }
  const auto& type = input.type().tensor_type();
  const Dims* given = shapes_.find(input.name());
  if (!type.has_shape() && given == nullptr) {
    throw InputError(fmt::format(
        "{} has no shape; export the network with the shapes of its inputs, or give it in the "
        "recipe, for example:\n  [workload.shape]\n  {} = [1, 64]",
        what_is(input), toml_key(input.name())));
  }
  Value value;
  value.name = input.name();
  value.type = type.elem_type();
  if (!type.has_shape()) {
    value.dims = *given;
    return value;
  }
  require_rank(input, given);
  const auto bound = entries_.find(input.name());
  const bool scalar = type.shape().dim_size() == 0 || (type.shape().dim_size() == 1);
  if (bound != entries_.end() && scalar) {
    return bound_value(input, std::move(value), bound->second);
  }
  if (scalar) {
    bindable_.push_back(input.name());
  }
  for (int axis = 0; axis < type.shape().dim_size(); ++axis) {
    value.dims.push_back(read_extent(input, axis, given));
  }
  return value;
}

Value Bindings::bound_value(const ::onnx::ValueInfoProto& input, Value value, Entry& entry) {
  const auto& shape = input.type().tensor_type().shape();
  if (shape.dim_size() == 1 && shape.dim(0).has_dim_value() && shape.dim(0).dim_value() != 1) {
    throw InputError(
        fmt::format("[workload.bind] gives a value to {}, which holds {} values, not one",
                    what_is(input), shape.dim(0).dim_value()));
  }
  entry.used = true;
  value.dims.assign(static_cast<std::size_t>(shape.dim_size()), 1);
  value.constant = true;
  Data data;
  if (is_real(value.type)) {
    data.reals = {static_cast<double>(entry.value)};
  } else {
    data.integers = {entry.value};
  }
  value.data = std::make_shared<const Data>(std::move(data));
  return value;
}

std::int64_t Bindings::read_extent(const ::onnx::ValueInfoProto& input, int axis,
                                   const Dims* given) {
  const auto& dim = input.type().tensor_type().shape().dim(axis);
  // Some exporters write -1 or 0 for "any".
  if (dim.has_dim_value() && dim.dim_value() > 0) {
    if (given != nullptr && (*given)[static_cast<std::size_t>(axis)] != dim.dim_value()) {
      fail_on_contradiction(input, *given);
    }
    return dim.dim_value();
  }
  const bool named = dim.has_dim_param() && !dim.dim_param().empty();
  const std::string symbol = named ? dim.dim_param() : fmt::format("{}.{}", input.name(), axis);
  bindable_.push_back(symbol);
  const auto entry = entries_.find(symbol);
  if (entry == entries_.end() && given != nullptr) {
    return (*given)[static_cast<std::size_t>(axis)];
  }
  if (entry == entries_.end()) {
    missing_[symbol].push_back(fmt::format("axis {} of {}", axis, what_is(input)));
    return 1;
  }
  entry->second.used = true;
  if (entry->second.value < 0) {
    throw InputError(
        fmt::format("[workload.bind] gives dimension {} the extent {}; it cannot be negative",
                    in_quotes(symbol), entry->second.value));
  }
  if (given != nullptr && (*given)[static_cast<std::size_t>(axis)] != entry->second.value) {
    throw InputError(
        fmt::format("axis {} of {} is {} in [workload.shape], but {} in [workload.bind]", axis,
                    what_is(input), (*given)[static_cast<std::size_t>(axis)], entry->second.value));
  }
  return entry->second.value;
}

void Bindings::require_nothing_missing() const {
  if (missing_.empty()) {
    return;
  }
  std::string message = fmt::format(
      "{} of its inputs {} no extent:", missing_.size() == 1 ? "a dimension" : "dimensions",
      missing_.size() == 1 ? "has" : "have");
  std::string remedy = "\nBind every one in the recipe, for example:\n  [workload.bind]";
  for (const auto& [symbol, places] : missing_) {
    message += fmt::format("\n  {}: {}", in_quotes(symbol), listed(places));
    remedy += fmt::format("\n  {} = 1", toml_key(symbol));
  }
  throw InputError(message + remedy);
}

void Bindings::require_nothing_unused() const {
  for (const auto& [name, entry] : entries_) {
    if (entry.used) {
      continue;
    }
    const std::vector<std::string_view> known(bindable_.begin(), bindable_.end());
    const std::string_view near = nearest_name(name, known);
    throw InputError(fmt::format(
        "[workload.bind] names {}, which is neither a symbolic dimension nor a scalar input{}",
        in_quotes(name),
        near.empty() ? std::string() : fmt::format("; did you mean {}?", in_quotes(near))));
  }
}

}  // namespace imbrex::onnx_reader
