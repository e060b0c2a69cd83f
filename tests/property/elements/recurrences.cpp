// LSTM, GRU and RNN step by step. The recurrent product of a step adds to the input product of that
// step, and starts when that is done as a whole; step t begins with the state after step t-1.
#include "element_network.hpp"

#include <array>

namespace imbrex::elements {
namespace {

struct Recurrence {
  std::int64_t steps = 0, batch = 0, features = 0, hidden = 0, gates = 0;
  bool batch_first = false;
  const Field* data = nullptr;
  const Field* initial = nullptr;  // [directions, batch, hidden]; null: zero
  Tokens at_start;                 // of biases and cells, which the first step waits for

  Dims place(std::int64_t t, std::int64_t b, std::int64_t k) const {
    return batch_first ? Dims{b, t, k} : Dims{t, b, k};
  }
  Dims dims(std::int64_t last) const {
    return batch_first ? Dims{batch, steps, last} : Dims{steps, batch, last};
  }
};

using States = std::vector<std::vector<std::vector<Tokens>>>;  // by step, sample, feature

// What the first step begins with.
std::vector<std::vector<Tokens>> first_state(const Recurrence& r, std::int64_t direction) {
  std::vector<std::vector<Tokens>> state(static_cast<std::size_t>(r.batch),
                                         std::vector<Tokens>(static_cast<std::size_t>(r.hidden)));
  for (std::int64_t b = 0; r.initial != nullptr && b < r.batch; ++b) {
    for (std::int64_t j = 0; j < r.hidden; ++j) {
      state[static_cast<std::size_t>(b)][static_cast<std::size_t>(j)] =
          r.batch_first ? r.initial->at({b, direction, j}) : r.initial->at({direction, b, j});
    }
  }
  return state;
}

// Of every step with all features of its input.
Field input_gates(ElementNetwork& net, const std::string& name, const Recurrence& r) {
  return net.product(name, r.dims(r.gates), [&](const Dims& at) {
    Tokens all;
    Dims from = at;
    for (from[2] = 0; from[2] < r.features; ++from[2]) {
      all |= r.data->at(from);
    }
    return all;
  });
}

// States after each step in the order of time; the state of a backward direction that comes first
// in time is its last.
States run_direction(ElementNetwork& net, const std::string& name, const Recurrence& r,
                     std::int64_t direction, bool backward) {
  const std::string part = name + (backward ? "/backward/" : "/forward/");
  const Field from_input = input_gates(net, part + "input_gates", r);
  // Elements of the recurrent product in the order of its steps; its tokens follow one another.
  const std::size_t first = net.tokens();
  const auto token = [&](std::int64_t step, std::int64_t b, std::int64_t k) {
    return first + flat(r.dims(r.gates), r.place(step, b, k));
  };
  const auto time = [&](std::int64_t step) { return backward ? r.steps - 1 - step : step; };
  std::vector<Tokens> needs(static_cast<std::size_t>(count(r.dims(r.gates))));
  States states(static_cast<std::size_t>(r.steps));
  auto before = first_state(r, direction);
  for (std::int64_t step = 0; step < r.steps; ++step) {
    auto after = before;
    for (std::int64_t b = 0; b < r.batch; ++b) {
      const auto& own = before[static_cast<std::size_t>(b)];
      for (std::int64_t k = 0; k < r.gates; ++k) {
        Tokens all = step == 0 ? r.at_start : Tokens();
        for (std::int64_t gate = 0; gate < r.gates; ++gate) {
          all |= from_input.at(r.place(time(step), b, gate));
        }
        for (const Tokens& feature : own) {
          all |= feature;
        }
        needs[flat(r.dims(r.gates), r.place(step, b, k))] = all;
        Tokens& state = after[static_cast<std::size_t>(b)][static_cast<std::size_t>(k % r.hidden)];
        state |= from_input.at(r.place(time(step), b, k));
        state.set(token(step, b, k));
      }
    }
    states[static_cast<std::size_t>(time(step))] = after;
    before = after;
  }
  net.product(part + "recurrent_gates", r.dims(r.gates),
              [&](const Dims& at) { return needs[flat(r.dims(r.gates), at)]; });
  return states;
}

void add_results(ElementNetwork& net, const std::string& name, const Recurrence& r,
                 const std::vector<States>& directions, bool reverse) {
  const auto count_of = static_cast<std::int64_t>(directions.size());
  const Dims all = r.batch_first ? Dims{r.batch, r.steps, count_of, r.hidden}
                                 : Dims{r.steps, count_of, r.batch, r.hidden};
  const auto at_step = [&](std::int64_t d, std::int64_t t, std::int64_t b, std::int64_t j) {
    return directions[static_cast<std::size_t>(d)][static_cast<std::size_t>(t)]
                     [static_cast<std::size_t>(b)][static_cast<std::size_t>(j)];
  };
  net.result(name, all, [&](const Dims& at) {
    return r.batch_first ? at_step(at[2], at[1], at[0], at[3])
                         : at_step(at[1], at[0], at[2], at[3]);
  });
  const Dims last =
      r.batch_first ? Dims{r.batch, count_of, r.hidden} : Dims{count_of, r.batch, r.hidden};
  net.result(name + "_h", last, [&](const Dims& at) {
    const std::int64_t d = at[r.batch_first ? 1 : 0];
    const bool backward = reverse || d == 1;
    return at_step(d, backward ? 0 : r.steps - 1, at[r.batch_first ? 0 : 1], at[2]);
  });
}

// An operand of this shape, computed at run time; sometimes there is none.
const Field* operand(ElementNetwork& net, const Dims& dims) {
  if (!net.flip(4)) {
    return nullptr;
  }
  const Field& elements = net.vector(count(dims));
  const std::string name = net.fresh("state");
  net.node("Reshape", {elements.name, net.integers(dims)}, name);
  return &net.result(name, dims, [&](const Dims& at) { return elements.tokens[flat(dims, at)]; });
}

// Names of the operands behind the weights: bias, lengths, state and, for an LSTM, cell.
std::vector<std::string> more_operands(ElementNetwork& net, Recurrence& r, std::int64_t directions,
                                       bool has_cell) {
  const Dims state =
      r.batch_first ? Dims{r.batch, directions, r.hidden} : Dims{directions, r.batch, r.hidden};
  const Field* bias = operand(net, {directions, 2 * r.gates});
  r.initial = operand(net, state);
  const Field* cell = has_cell ? operand(net, state) : nullptr;
  for (const Field* whole : {bias, cell}) {
    for (std::size_t i = 0; whole != nullptr && i < whole->tokens.size(); ++i) {
      r.at_start |= whole->tokens[i];
    }
  }
  const auto name = [](const Field* field) { return field == nullptr ? "" : field->name; };
  std::vector<std::string> names{name(bias), "", name(r.initial)};
  if (has_cell) {
    names.push_back(name(cell));
  }
  return names;
}

bool make(ElementNetwork& net, const Field& x, const std::string& type, std::int64_t gates) {
  if (x.rank() != 3) {
    return false;
  }
  Recurrence r;
  r.batch_first = net.flip(3);
  r.data = &x;
  r.steps = x.dims[r.batch_first ? 1 : 0];
  r.batch = x.dims[r.batch_first ? 0 : 1];
  r.features = x.dims[2];
  r.hidden = net.pick(1, 3);
  r.gates = gates * r.hidden;
  const char* kDirections[] = {"forward", "reverse", "bidirectional"};
  const std::size_t way = net.flip() ? 0 : net.random.below(3);
  const std::int64_t directions = way == 2 ? 2 : 1;
  if (!net.has_room(2 * directions * r.steps * r.batch * r.gates)) {
    return false;
  }
  std::vector<std::string> operands{x.name, net.weight({directions, r.gates, r.features}),
                                    net.weight({directions, r.gates, r.hidden})};
  for (std::string& more : more_operands(net, r, directions, type == "LSTM")) {
    operands.push_back(std::move(more));
  }
  const std::string name = net.fresh("recurrence");
  auto node = net.node(type, operands, name, {name + "_h"});
  node.integer("hidden_size", r.hidden)
      .integer("layout", r.batch_first ? 1 : 0)
      .text("direction", kDirections[way]);
  if (type == "GRU") {
    node.integer("linear_before_reset", 1);
  }
  std::vector<States> states;
  for (std::int64_t d = 0; d < directions; ++d) {
    states.push_back(run_direction(net, name, r, d, way == 1 || d == 1));
  }
  add_results(net, name, r, states, way == 1);
  return true;
}

bool make_lstm(ElementNetwork& net, const Field& x) {
  return make(net, x, "LSTM", 4);
}
bool make_gru(ElementNetwork& net, const Field& x) {
  return make(net, x, "GRU", 3);
}
bool make_rnn(ElementNetwork& net, const Field& x) {
  return make(net, x, "RNN", 1);
}

constexpr Maker kMakers[] = {{"LSTM", make_lstm}, {"GRU", make_gru}, {"RNN", make_rnn}};

}  // namespace

std::span<const Maker> recurrence_makers() {
  return kMakers;
}

}  // namespace imbrex::elements
