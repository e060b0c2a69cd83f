// Loop and Scan, iteration by iteration: each iteration is the body once more, on the values that
// the one before it left. What runs a number of times that only the data tells cannot be unrolled.
#include "execution_order.hpp"
#include "flattener.hpp"

#include <algorithm>
#include <limits>

#include <fmt/core.h>

namespace imbrex::onnx_reader {
namespace {

// More operators than that are no network that anybody maps one by one.
constexpr std::int64_t kMaxUnrolled = 10'000;

const ::onnx::GraphProto* body_of(const NodeView& view) {
  const Attribute* body = view.attribute("body");
  return body == nullptr ? nullptr : body->graph;
}

// Trip counts and conditions; nothing when they are computed at run time.
std::optional<std::int64_t> known_scalar(const Value& value) {
  if (!value.constant || !value.data || value.data->integers.size() != 1) {
    return std::nullopt;
  }
  return value.data->integers[0];
}

Value scalar(std::int32_t type, std::int64_t content) {
  Value value;
  value.type = type;
  value.constant = true;
  value.data = std::make_shared<const Data>(Data{{content}, {}});
  return value;
}

// Names that no file has, for values between the nodes that this file adds.
std::string hidden_name(const ::onnx::NodeProto& proto, std::string_view what,
                        std::int64_t number) {
  return fmt::format("\x01{}/{}{}", proto.output_size() > 0 ? proto.output(0) : proto.name(), what,
                     number);
}

std::string node_name(const ::onnx::NodeProto& proto, std::string_view what, std::int64_t number) {
  return fmt::format("{}/{}{}", proto.name().empty() ? proto.output(0) : proto.name(), what,
                     number);
}

void set_integer(::onnx::NodeProto& proto, const char* name, std::int64_t value) {
  auto& attribute = *proto.add_attribute();
  attribute.set_name(name);
  attribute.set_type(::onnx::AttributeProto::INT);
  attribute.set_i(value);
}

std::int64_t entry(const std::optional<std::vector<std::int64_t>>& list, std::size_t i) {
  return list && i < list->size() ? (*list)[i] : 0;
}

}  // namespace

void Flattener::unroll(Node node, const ::onnx::NodeProto& proto, Scope& scope) {
  require_depth(node, scope);
  // What a loop that turns out to be endless has added so far.
  const std::size_t nodes = network_.nodes.size();
  const std::size_t values = network_.values.size();
  const std::string reason =
      node.type == "Loop" ? unroll_loop(node, proto, scope) : unroll_scan(node, proto, scope);
  if (reason.empty()) {
    return;
  }
  network_.nodes.resize(nodes);
  network_.values.resize(values);
  std::erase_if(constants_,
                [&](const auto& item) { return static_cast<std::size_t>(item.second) >= values; });
  if (options_.on_unknown == OnUnknown::error) {
    NodeView(network_, node)
        .fail(fmt::format(
            "cannot be unrolled, so that the work of its body would be missing: {}; on_unknown = "
            "\"barrier\" keeps it as an operator that waits for all of its inputs and counts it as "
            "unmapped",
            reason));
  }
  evaluate(std::move(node), proto, scope);
}

std::string Flattener::too_long(std::int64_t iterations, const ::onnx::GraphProto& body) {
  const std::int64_t nodes = std::max(body.node_size(), 1);
  if (iterations > kMaxUnrolled || iterations * nodes > kMaxUnrolled - unrolled_) {
    return fmt::format("{} iterations of {} nodes are more than the {} that loops may come to",
                       iterations, nodes, kMaxUnrolled);
  }
  return {};
}

std::vector<ValueId> Flattener::run_body(const Node& node, const ::onnx::GraphProto& body,
                                         std::span<const ValueId> inputs, std::int64_t iteration,
                                         Scope& scope) {
  Scope inner;
  inner.outer = &scope;
  inner.opsets = scope.opsets;
  inner.graph = &body;
  inner.call = scope.call;
  inner.prefix = fmt::format("{}/{}/", node.name, iteration);
  inner.depth = scope.depth + 1;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    inner.values[body.input(static_cast<int>(i)).name()] = inputs[i];
  }
  unrolled_ += std::max(body.node_size(), 1);
  run_graph(inner);
  std::vector<ValueId> results;
  for (const auto& output : body.output()) {
    results.push_back(require(inner, output.name()));
  }
  return results;
}

void Flattener::Trips::take(std::span<const ValueId> results) {
  const auto middle = results.begin() + static_cast<std::ptrdiff_t>(state.size());
  state.assign(results.begin(), middle);
  for (std::size_t k = 0; k < scans.size(); ++k) {
    scans[k].push_back(middle[static_cast<std::ptrdiff_t>(k)]);
  }
}

std::string Flattener::bind_trips(const ::onnx::NodeProto& proto, const Trips& trips,
                                  const ScanAxes& axes, Scope& scope) {
  for (int i = 0; i < proto.output_size(); ++i) {
    const auto position = static_cast<std::size_t>(i);
    if (position < trips.state.size()) {
      scope.values[proto.output(i)] = trips.state[position];
      continue;
    }
    const std::size_t k = position - trips.state.size();
    if (k >= trips.scans.size() || trips.scans[k].empty()) {
      return "it has no iterations whose results it could join";
    }
    stack(proto, i, trips.scans[k], entry(axes.axes, k), entry(axes.directions, k) != 0, scope);
  }
  return {};
}

// Inputs: trip count, condition, state. Body: iteration, condition, state -> condition, state,
// one slice of every scan.
std::string Flattener::unroll_loop(const Node& node, const ::onnx::NodeProto& proto, Scope& scope) {
  const NodeView view(network_, node);
  const ::onnx::GraphProto* body = body_of(view);
  if (body == nullptr || node.inputs.size() < 2 ||
      body->input_size() != static_cast<int>(node.inputs.size()) ||
      body->output_size() + 1 < body->input_size()) {
    return "it has no body that takes its inputs";
  }
  const bool counted = view.has_input(0);
  const auto trip_count = counted ? known_scalar(view.input(0)) : std::optional<std::int64_t>(0);
  const auto goes_on =
      view.has_input(1) ? known_scalar(view.input(1)) : std::optional<std::int64_t>(1);
  if (!trip_count || !goes_on) {
    return fmt::format("its {} is computed at run time", trip_count ? "condition" : "trip count");
  }
  if (std::string reason = counted ? too_long(*trip_count, *body) : ""; !reason.empty()) {
    return reason;
  }
  Trips trips;
  trips.state.assign(node.inputs.begin() + 2, node.inputs.end());
  trips.scans.resize(static_cast<std::size_t>(body->output_size()) - 1 - trips.state.size());
  const std::int64_t most = *goes_on == 0 ? 0
                            : counted     ? *trip_count
                                          : std::numeric_limits<std::int64_t>::max();
  std::string reason = run_trips(node, *body, most, trips, scope);
  return reason.empty() ? bind_trips(proto, trips, {}, scope) : reason;
}

// Until the trips are over, or the condition that an iteration leaves.
std::string Flattener::run_trips(const Node& node, const ::onnx::GraphProto& body,
                                 std::int64_t most, Trips& trips, Scope& scope) {
  for (std::int64_t i = 0; i < most; ++i) {
    if (!too_long(1, body).empty()) {
      return "nothing known in advance ends it";
    }
    std::vector<ValueId> inputs{add_value(scalar(element_type::kInt64, i), true),
                                add_value(scalar(element_type::kBool, 1), true)};
    inputs.insert(inputs.end(), trips.state.begin(), trips.state.end());
    const std::vector<ValueId> results = run_body(node, body, inputs, i, scope);
    trips.take(std::span(results).subspan(1));
    const auto goes_on = known_scalar(network_.at(results[0]));
    if (!goes_on) {
      return "its condition is computed at run time";
    }
    if (*goes_on == 0) {
      break;
    }
  }
  return {};
}

// Inputs: state, then tensors that are read slice by slice. Body: state, slices -> state, one slice
// of every result.
std::string Flattener::unroll_scan(const Node& node, const ::onnx::NodeProto& proto, Scope& scope) {
  const NodeView view(network_, node);
  const ::onnx::GraphProto* body = body_of(view);
  const auto all = static_cast<std::int64_t>(node.inputs.size());
  const std::int64_t read = view.integer("num_scan_inputs", 0);
  if (node.opset < 9) {
    return "Scan of opset 8 is not supported";
  }
  if (body == nullptr || read < 1 || read > all || body->input_size() != all ||
      body->output_size() < all - read) {
    return "it has no body that takes its inputs";
  }
  Trips trips;
  trips.state.assign(node.inputs.begin(), node.inputs.end() - static_cast<std::ptrdiff_t>(read));
  trips.scans.resize(static_cast<std::size_t>(body->output_size()) - trips.state.size());
  const ScanAxes from = read_axes(view, trips.state.size());
  const auto first = static_cast<std::size_t>((*from.axes)[0]);
  const std::int64_t count = view.dims(trips.state.size())[first];
  if (std::string reason = too_long(count, *body); !reason.empty()) {
    return reason;
  }
  for (std::int64_t i = 0; i < count; ++i) {
    std::vector<ValueId> inputs = trips.state;
    for (std::size_t k = 0; k < from.axes->size(); ++k) {
      const std::int64_t at = entry(from.directions, k) != 0 ? count - 1 - i : i;
      const auto input = static_cast<int>(trips.state.size() + k);
      inputs.push_back(element(proto, input, (*from.axes)[k], at, scope));
    }
    trips.take(run_body(node, *body, inputs, i, scope));
  }
  const NodeView again(network_, node);
  return bind_trips(proto, trips,
                    {again.integers("scan_output_axes"), again.integers("scan_output_directions")},
                    scope);
}

// Of the tensors that are read slice by slice, which come behind `carried` others.
Flattener::ScanAxes Flattener::read_axes(const NodeView& view, std::size_t carried) {
  const auto given = view.integers("scan_input_axes");
  ScanAxes axes{std::vector<std::int64_t>(), view.integers("scan_input_directions")};
  std::optional<std::int64_t> length;
  for (std::size_t k = 0; carried + k < view.input_count(); ++k) {
    const Dims& dims = view.dims(carried + k);
    const std::size_t axis = view.axis(entry(given, k), dims.size());
    axes.axes->push_back(static_cast<std::int64_t>(axis));
    if (length.value_or(dims[axis]) != dims[axis]) {
      view.fail("the tensors that it reads slice by slice differ in length");
    }
    length = dims[axis];
  }
  return axes;
}

// Element `at` of an axis of an input; the axis is gone.
ValueId Flattener::element(const ::onnx::NodeProto& proto, int input, std::int64_t axis,
                           std::int64_t at, Scope& scope) {
  ::onnx::NodeProto gather;
  gather.set_op_type("Gather");
  gather.set_name(node_name(proto, fmt::format("element{}_", input), at));
  gather.add_input(proto.input(input));
  gather.add_input(hidden_name(proto, "index", at));
  gather.add_output(hidden_name(proto, fmt::format("element{}_", input), at));
  set_integer(gather, "axis", axis);
  scope.values[gather.input(1)] = add_value(scalar(element_type::kInt64, at), true);
  run_node(gather, scope);
  return scope.values[gather.output(0)];
}

// Joins one result of all iterations along a new axis.
void Flattener::stack(const ::onnx::NodeProto& proto, int output, std::vector<ValueId> parts,
                      std::int64_t axis, bool backwards, Scope& scope) {
  if (proto.output(output).empty()) {
    return;
  }
  if (backwards) {
    std::reverse(parts.begin(), parts.end());
  }
  ::onnx::NodeProto concat;
  concat.set_op_type("Concat");
  concat.set_name(node_name(proto, "join", output));
  concat.add_output(proto.output(output));
  set_integer(concat, "axis", axis);
  for (std::size_t t = 0; t < parts.size(); ++t) {
    const auto number = static_cast<std::int64_t>(t);
    ::onnx::NodeProto unsqueeze;
    unsqueeze.set_op_type("Unsqueeze");
    unsqueeze.set_name(node_name(proto, fmt::format("slice{}_", output), number));
    unsqueeze.add_input(hidden_name(proto, fmt::format("part{}_", output), number));
    unsqueeze.add_output(hidden_name(proto, fmt::format("slice{}_", output), number));
    auto& axes = *unsqueeze.add_attribute();
    axes.set_name("axes");
    axes.set_type(::onnx::AttributeProto::INTS);
    axes.add_ints(axis);
    scope.values[unsqueeze.input(0)] = parts[t];
    run_node(unsqueeze, scope);
    concat.add_input(unsqueeze.output(0));
  }
  run_node(concat, scope);
}

}  // namespace imbrex::onnx_reader
