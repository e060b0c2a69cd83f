// LSTM, GRU and RNN. Per direction: one product for all time steps with the input weights, one with
// the recurrent weights whose steps are a chain (`Operator::chain`), since step t needs the state
// of step t-1. The recurrent product of a step adds to the input product of that step, so it waits
// for both. MACs are exact. The candidate of a GRU that resets its state before the product
// (linear_before_reset = 0) counts with the other gates of its step, although it comes after them.
#include "rules.hpp"

#include <array>

#include <fmt/core.h>

namespace imbrex::onnx_reader {
namespace {

struct Recurrence {
  std::int64_t steps = 0;
  std::int64_t batch = 0;
  std::int64_t directions = 0;
  std::int64_t gates = 0;  // rows of the weights: 4, 3 or 1 times hidden
  std::int64_t hidden = 0;
  bool batch_first = false;

  std::size_t step_axis() const noexcept { return batch_first ? 1 : 0; }
  std::size_t batch_axis() const noexcept { return batch_first ? 0 : 1; }
  // [steps, batch, features] or [batch, steps, features]
  Dims sequence(std::int64_t features) const {
    return batch_first ? Dims{batch, steps, features} : Dims{steps, batch, features};
  }
};

std::int64_t gate_count(std::string_view type) {
  return type == "LSTM" ? 4 : type == "GRU" ? 3 : 1;
}

Recurrence read_recurrence(const NodeView& node) {
  const Dims& data = node.dims(0);
  const Dims& weights = node.dims(1);
  const Dims& recurrent = node.dims(2);
  if (data.size() != 3 || weights.size() != 3 || recurrent.size() != 3) {
    node.fail(fmt::format("data {}, weights {} and recurrent weights {} need three axes each",
                          to_text(data), to_text(weights), to_text(recurrent)));
  }
  Recurrence r;
  r.batch_first = node.integer("layout", 0) != 0;
  r.steps = data[r.step_axis()];
  r.batch = data[r.batch_axis()];
  r.directions = weights[0];
  r.gates = weights[1];
  r.hidden = recurrent[2];
  const std::int64_t expected = node.text("direction", "forward") == "bidirectional" ? 2 : 1;
  if (r.directions != expected || weights[2] != data[2] || recurrent[0] != r.directions ||
      recurrent[1] != r.gates || r.gates != gate_count(node.type()) * r.hidden) {
    node.fail(fmt::format("weights {} and recurrent weights {} do not fit data {}",
                          to_text(weights), to_text(recurrent), to_text(data)));
  }
  return r;
}

// The candidate of a step needs the reset gate of that step, and so a product of its own behind it.
bool resets_first(const NodeView& node) {
  return node.type() == "GRU" && node.integer("linear_before_reset", 0) == 0;
}

std::vector<Dims> recurrent_shapes(const NodeView& node) {
  const Recurrence r = read_recurrence(node);
  if (r.batch_first) {
    const Dims state{r.batch, r.directions, r.hidden};
    return {{r.batch, r.steps, r.directions, r.hidden}, state, state};
  }
  const Dims state{r.directions, r.batch, r.hidden};
  return {{r.steps, r.directions, r.batch, r.hidden}, state, state};
}

// Gates of one direction. Those of the recurrent product stand in the order of their steps, which
// for the backward direction is the reverse of time.
struct Gates {
  TensorId from_input = TensorId::none;
  TensorId recurrent = TensorId::none;
  bool backward = false;
};

// What a result needs of gates: steps as `step_rule` says, its own sample, all features.
BackwardMap gates_map(const Recurrence& r, const Shape& gates, const Shape& result,
                      const AxisRule& step_rule, std::size_t batch_axis, Exactness exactness) {
  std::array<AxisRule, 3> rules;
  rules[r.step_axis()] = step_rule;
  rules[r.batch_axis()] = shifted_axis(batch_axis, 0);
  rules[2] = whole_axis(gates[2]);
  return {gates, result, rules, exactness};
}

// The dimension that `WorkloadBuilder::dense` gives the steps; none for a single one.
std::optional<Dim> chain_of(const Recurrence& r) {
  if (r.steps == 1) {
    return std::nullopt;
  }
  return r.batch > 1 && !r.batch_first ? Dim::N : Dim::P;
}

// State before each step. Lengths, biases, initial states and peepholes that are computed at run
// time are needed by the first one, and so by all. No rule turns an axis around: the backward
// direction waits for all of the input, whose last step it starts with.
TensorId add_previous_state(const NodeView& node, const Recurrence& r, const Gates& gates,
                            const std::string& name, Lowering& out) {
  const Shape hidden = to_shape(r.sequence(r.hidden), "hidden state");
  const Shape shape = out.shape(gates.from_input);
  const AxisRule step_rule = gates.backward ? whole_axis(r.steps) : shifted_axis(r.step_axis(), 0);
  std::vector<TensorId> needs{gates.from_input};
  std::vector<BackwardMap> maps{
      gates_map(r, shape, hidden, step_rule, r.batch_axis(),
                gates.backward ? Exactness::conservative : Exactness::exact)};
  for (std::size_t i = 3; i < node.input_count(); ++i) {
    if (node.is_dynamic(i)) {
      needs.push_back(out.operand(node, i));
      maps.push_back(whole_map(out.shape(needs.back()), hidden, Exactness::conservative));
    }
  }
  return out.builder().custom(name, OperatorKind::activation, needs, maps, hidden,
                              out.precision().activation_bits);
}

Gates add_direction(const NodeView& node, const Recurrence& r, bool backward, Lowering& out) {
  const auto part = [&](std::string_view what) {
    return out.part(node, fmt::format("{}/{}", backward ? "backward" : "forward", what));
  };
  const Precision& precision = out.precision();
  Gates gates;
  gates.backward = backward;
  gates.from_input = out.builder().dense(part("input_gates"), out.operand(node, 0), r.gates,
                                         precision.weight_bits, precision.activation_bits);
  const TensorId previous = add_previous_state(node, r, gates, part("previous_state"), out);
  gates.recurrent = out.builder().dense(part("recurrent_gates"), previous, r.gates,
                                        precision.weight_bits, precision.activation_bits);
  if (resets_first(node) && r.steps > 0) {
    out.builder().understated(gates.recurrent);
  }
  if (const auto chain = chain_of(r)) {
    out.builder().chain(gates.recurrent, *chain);
  }
  return gates;
}

// What one direction adds to result i, of this shape.
TensorId add_states(const Recurrence& r, const Gates& gates, const std::string& name,
                    const Shape& shape, std::size_t i, Lowering& out) {
  const AxisRule last = fixed_axis(r.steps - 1, r.steps);
  const std::size_t batch_axis = r.batch_first ? 0 : i == 0 ? 2 : 1;
  const AxisRule own = gates.backward ? whole_axis(r.steps) : shifted_axis(r.step_axis(), 0);
  const AxisRule of_input = i > 0 && !gates.backward ? last : own;
  const std::array<std::pair<TensorId, AxisRule>, 2> products{
      {{gates.from_input, of_input}, {gates.recurrent, i == 0 ? own : last}}};
  std::vector<TensorId> needs;
  std::vector<BackwardMap> maps;
  for (const auto& [tensor, step_rule] : products) {
    needs.push_back(tensor);
    maps.push_back(
        gates_map(r, out.shape(tensor), shape, step_rule, batch_axis, Exactness::conservative));
  }
  return out.builder().custom(name, OperatorKind::activation, needs, maps, shape,
                              out.precision().activation_bits);
}

// Result 0 holds the state after every step, the others the one after the last; two directions lie
// side by side along an axis.
void add_result(const NodeView& node, const Recurrence& r, std::span<const Gates> directions,
                std::size_t i, Lowering& out) {
  constexpr std::array<std::string_view, 3> kResults{"states", "last_hidden", "last_cell"};
  const std::string name = i == 0 ? out.name(node) : out.part(node, kResults[i]);
  Shape shape = to_shape(node.output(i).dims, "a result");
  if (directions.size() == 1) {
    out.bind(node, i, add_states(r, directions[0], name, shape, i, out));
    return;
  }
  const std::size_t axis = i == 0 ? (r.batch_first ? 2 : 1) : (r.batch_first ? 1 : 0);
  shape.extent[axis] = 1;
  std::vector<TensorId> parts;
  for (const Gates& gates : directions) {
    const std::string part =
        out.part(node, fmt::format("{}/{}", gates.backward ? "backward" : "forward", kResults[i]));
    parts.push_back(add_states(r, gates, part, shape, i, out));
  }
  out.bind(node, i, out.builder().concat(name, parts, static_cast<std::int64_t>(axis)));
}

void lower_recurrent(const NodeView& node, Lowering& out) {
  if (node.is_dynamic(1) || node.is_dynamic(2)) {
    node.fail("weights that are computed at run time cannot be mapped");
  }
  if (!node.is_dynamic(0)) {
    lower_as_barrier(node, out);
    return;
  }
  const Recurrence r = read_recurrence(node);
  if (resets_first(node) && r.steps > 0) {
    out.warn(fmt::format(
        "{} resets its state before the recurrent product (linear_before_reset = 0): a step takes "
        "two products, one behind the other, which count as one; times come out too low",
        in_quotes(node.node().name)));
  }
  const bool reverse = node.text("direction", "forward") == "reverse";
  std::vector<Gates> directions;
  for (std::int64_t d = 0; d < r.directions; ++d) {
    directions.push_back(add_direction(node, r, reverse || d == 1, out));
  }
  for (std::size_t i = 0; i < 3; ++i) {
    if (node.wants_output(i)) {
      add_result(node, r, directions, i, out);
    }
  }
}

constexpr Rule kRecurrentRules[] = {
    {"LSTM", recurrent_shapes, lower_recurrent},
    {"GRU", recurrent_shapes, lower_recurrent},
    {"RNN", recurrent_shapes, lower_recurrent},
};

}  // namespace

std::span<const Rule> recurrent_rules() {
  return kRecurrentRules;
}

}  // namespace imbrex::onnx_reader
