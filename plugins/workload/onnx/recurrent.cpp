// LSTM, GRU and RNN. Per direction: one product for all time steps with the input weights, a
// barrier that stands for the recurrence, one product with the recurrent weights, and a barrier
// that makes the hidden states. MACs are exact; the barriers keep the order conservative, since
// step t needs step t-1.
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
  r.steps = data[r.batch_first ? 1 : 0];
  r.batch = data[r.batch_first ? 0 : 1];
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

std::vector<Dims> recurrent_shapes(const NodeView& node) {
  const Recurrence r = read_recurrence(node);
  if (r.batch_first) {
    const Dims state{r.batch, r.directions, r.hidden};
    return {{r.batch, r.steps, r.directions, r.hidden}, state, state};
  }
  const Dims state{r.directions, r.batch, r.hidden};
  return {{r.steps, r.directions, r.batch, r.hidden}, state, state};
}

// Input gates, recurrence and recurrent gates of one direction; appends what the states need.
void add_direction(const NodeView& node, const Recurrence& r, std::string_view direction,
                   Lowering& out, std::vector<TensorId>& gates) {
  const TensorId data = out.operand(node, 0);
  const auto part = [&](std::string_view what) {
    return out.part(node, fmt::format("{}/{}", direction, what));
  };
  const std::int32_t bits = out.precision().activation_bits;
  const TensorId from_input =
      out.builder().dense(part("input_gates"), data, r.gates, out.precision().weight_bits, bits);
  std::vector<TensorId> needs{from_input};
  for (const std::size_t state : {5, 6}) {  // initial_h, initial_c
    if (node.is_dynamic(state)) {
      needs.push_back(out.operand(node, state));
    }
  }
  const Shape hidden = to_shape({r.steps, r.batch, r.hidden}, "hidden state");
  const TensorId previous = out.builder().barrier(part("previous_state"), needs, hidden, bits);
  gates.push_back(from_input);
  gates.push_back(out.builder().dense(part("recurrent_gates"), previous, r.gates,
                                      out.precision().weight_bits, bits));
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
  std::vector<TensorId> gates;
  constexpr std::array<std::string_view, 2> kBoth{"forward", "backward"};
  const bool reverse = node.text("direction", "forward") == "reverse";
  for (std::int64_t d = 0; d < r.directions; ++d) {
    add_direction(node, r, kBoth[static_cast<std::size_t>(reverse ? 1 : d)], out, gates);
  }
  constexpr std::array<std::string_view, 3> kResults{"", "last_hidden", "last_cell"};
  for (std::size_t i = 0; i < kResults.size(); ++i) {
    if (node.wants_output(i)) {
      const std::string name = i == 0 ? out.name(node) : out.part(node, kResults[i]);
      out.bind(node, i,
               out.builder().barrier(name, gates, to_shape(node.output(i).dims, name),
                                     out.precision().activation_bits));
    }
  }
}

constexpr Rule kRules[] = {
    {"LSTM", recurrent_shapes, lower_recurrent},
    {"GRU", recurrent_shapes, lower_recurrent},
    {"RNN", recurrent_shapes, lower_recurrent},
};

}  // namespace

std::span<const Rule> recurrent_rules() {
  return kRules;
}

}  // namespace imbrex::onnx_reader
