// Operators that stand for several products: loops, attention, formulas.
#include "element_network.hpp"

namespace imbrex::elements {
namespace {

// state <- state times weights (and a vector from around the body), trip by trip; every state is
// joined to a second result.
bool make_loop(ElementNetwork& net, const Field& x) {
  const std::int64_t trips = net.pick(1, 3);
  if (x.rank() != 2 || !net.has_room(trips * count(x.dims))) {
    return false;
  }
  const std::string matrix = net.weight({x.dims[1], x.dims[1]});
  const Field* captured = net.flip(3) ? &net.vector(x.dims[1]) : nullptr;
  const std::string times = net.fresh("i");
  net.model().integer(times, trips);
  const std::string name = net.fresh("loop");
  const std::string joined = name + "_all";
  auto node = net.node("Loop", {times, "", x.name}, name, {joined});
  onnx_reader::GraphBuilder body(node.graph("body"));
  body.input("trip", {}, ::onnx::TensorProto::INT64);
  body.input("on", {}, ::onnx::TensorProto::BOOL);
  body.input("state", x.dims);
  body.node("Identity", {"on"}, {"still_on"});
  body.node("MatMul", {"state", matrix}, {"product"}).name("step");
  body.node("Add", {"product", captured == nullptr ? matrix + "_bias" : captured->name}, {"next"})
      .name("sum");
  if (captured == nullptr) {
    body.weight(matrix + "_bias", {x.dims[1]});
  }
  body.node("Relu", {"next"}, {"copy"}).name("copy");
  for (const char* result : {"still_on", "next", "copy"}) {
    body.output(result);
  }
  std::vector<Field> states{x};
  for (std::int64_t t = 0; t < trips; ++t) {
    const Field before = states.back();
    Field state =
        net.product(name + "/" + std::to_string(t) + "/step", x.dims, [&](const Dims& at) {
          Tokens all;
          for (std::int64_t c = 0; c < x.dims[1]; ++c) {
            all |= before.at({at[0], c});
          }
          return all;
        });
    for_each(x.dims, [&](const Dims& at) {
      if (captured != nullptr) {
        state.tokens[flat(x.dims, at)] |= captured->at({at[1]});
      }
    });
    states.push_back(std::move(state));
  }
  net.result(name, x.dims, [&](const Dims& at) { return states.back().at(at); });
  net.result(joined, {trips, x.dims[0], x.dims[1]}, [&](const Dims& at) {
    return states[static_cast<std::size_t>(at[0]) + 1].at({at[1], at[2]});
  });
  return true;
}

// Queries of the field; keys and values of it or of another of its shape.
bool make_attention(ElementNetwork& net, const Field& x) {
  if (x.rank() != 3) {
    return false;
  }
  const Field* other = &x;
  for (const Field& field : net.fields()) {
    other = field.dims == x.dims && net.flip() ? &field : other;
  }
  const std::int64_t heads = x.dims[2] % 2 == 0 && net.flip() ? 2 : 1;
  const std::int64_t size = x.dims[2] / heads;
  const std::int64_t rows = x.dims[1];
  const Dims scored{x.dims[0], heads, rows, rows};
  const Dims made{x.dims[0], heads, rows, size};
  if (!net.has_room(count(scored) + count(made))) {
    return false;
  }
  const std::string name = net.fresh("attention");
  net.node("MultiHeadAttention", {x.name, other->name, other->name}, name)
      .domain("com.microsoft")
      .integer("num_heads", heads);
  const Field scores = net.product(name + "/scores", scored, [&](const Dims& at) {
    Tokens all;
    for (std::int64_t c = at[1] * size; c < (at[1] + 1) * size; ++c) {
      all |= x.at({at[0], at[2], c}) | other->at({at[0], at[3], c});
    }
    return all;
  });
  const Field context = net.product(name + "/context", made, [&](const Dims& at) {
    Tokens all;
    for (std::int64_t j = 0; j < rows; ++j) {
      all |= scores.at({at[0], at[1], at[2], j}) | other->at({at[0], j, at[1] * size + at[3]});
    }
    return all;
  });
  net.result(name, x.dims, [&](const Dims& at) {
    return context.at({at[0], at[2] / size, at[1], at[2] % size});
  });
  return true;
}

// "ij,jk->ki": rows times a constant matrix, turned.
bool make_turned_formula(ElementNetwork& net, const Field& x) {
  const std::int64_t columns = net.pick(1, 4);
  if (x.rank() != 2 || !net.has_room(x.dims[0] * columns)) {
    return false;
  }
  const std::string name = net.fresh("einsum");
  net.node("Einsum", {x.name, net.weight({x.dims[1], columns})}, name)
      .text("equation", "ij,jk->ki");
  const Dims dims{columns, x.dims[0]};
  const Field own = net.product(
      name, dims,
      [&](const Dims& at) {
        Tokens all;
        for (std::int64_t j = 0; j < x.dims[1]; ++j) {
          all |= x.at({at[1], j});
        }
        return all;
      },
      [&](const Dims& at) {
        return flat({x.dims[0], columns}, {at[1], at[0]});
      });
  net.result(name, dims, [&](const Dims& at) { return own.at(at); });
  return true;
}

// "abc,dbc->adb" of the field with itself: one product [a, c] x [c, d] per b.
bool make_batched_formula(ElementNetwork& net, const Field& x) {
  if (x.rank() != 3 || !net.has_room(x.dims[0] * x.dims[0] * x.dims[1])) {
    return false;
  }
  const std::string name = net.fresh("einsum");
  net.node("Einsum", {x.name, x.name}, name).text("equation", "abc,dbc->adb");
  const Dims dims{x.dims[0], x.dims[0], x.dims[1]};
  const Field own = net.product(
      name, dims,
      [&](const Dims& at) {
        Tokens all;
        for (std::int64_t c = 0; c < x.dims[2]; ++c) {
          all |= x.at({at[0], at[2], c}) | x.at({at[1], at[2], c});
        }
        return all;
      },
      [&](const Dims& at) {
        return flat({x.dims[1], x.dims[0], x.dims[0]}, {at[2], at[0], at[1]});
      });
  net.result(name, dims, [&](const Dims& at) { return own.at(at); });
  return true;
}

constexpr Maker kMakers[] = {
    {"Loop", make_loop},
    {"MultiHeadAttention", make_attention},
    {"Einsum", make_turned_formula},
    {"Einsum with a batch", make_batched_formula},
};

}  // namespace

std::span<const Maker> compound_makers() {
  return kMakers;
}

}  // namespace imbrex::elements
