// Operators that stand for several products: loops, attention, formulas.
#include "element_network.hpp"

namespace imbrex::elements {
namespace {

// next <- state times `matrix` and a vector, one from around the body or the body's own.
void write_loop_body(::onnx::GraphProto& graph, const Field& x, const std::string& matrix,
                     const Field* captured) {
  onnx_reader::GraphBuilder body(graph);
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
}

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
  write_loop_body(node.graph("body"), x, matrix, captured);
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

// x' W, and the rows of the matrix turned as well.
bool make_fused_product(ElementNetwork& net, const Field& x) {
  const std::int64_t columns = net.pick(1, 4);
  if (x.rank() != 2 || !net.has_room(x.dims[1] * columns)) {
    return false;
  }
  const std::string name = net.fresh("fused");
  net.node("FusedMatMul", {x.name, net.weight({columns, x.dims[0]})}, name)
      .domain("com.microsoft")
      .integer("transA", 1)
      .integer("transB", 1);
  const Dims dims{x.dims[1], columns};
  const Field own = net.product(name, dims, [&](const Dims& at) {
    Tokens all;
    for (std::int64_t c = 0; c < x.dims[0]; ++c) {
      all |= x.at({c, at[0]});
    }
    return all;
  });
  net.result(name, dims, [&](const Dims& at) { return own.at(at); });
  return true;
}

// A sum and its normalisation over the last axis.
bool make_skip_normalization(ElementNetwork& net, const Field& x) {
  if (x.rank() != 3) {
    return false;
  }
  const Field* other = &x;
  for (const Field& field : net.fields()) {
    other = field.dims == x.dims && net.flip() ? &field : other;
  }
  const std::string name = net.fresh("skip");
  net.node("SkipLayerNormalization", {x.name, other->name, net.weight({x.dims[2]})}, name)
      .domain("com.microsoft");
  net.result(name, x.dims, [&](const Dims& at) {
    Tokens all;
    for (std::int64_t c = 0; c < x.dims[2]; ++c) {
      all |= x.at({at[0], at[1], c}) | other->at({at[0], at[1], c});
    }
    return all;
  });
  return true;
}

// Of rows of queries in two heads with all keys: those of a cache, and behind them `keys`.
Field grouped_scores(ElementNetwork& net, const std::string& name, const Dims& dims, const Field& x,
                     const Field& keys) {
  const std::int64_t size = keys.dims[2];
  const std::int64_t past = dims[3] - dims[2];
  return net.product(name, dims, [&](const Dims& at) {
    Tokens all;
    for (std::int64_t c = 0; c < size; ++c) {
      all |= x.at({at[0], at[2], at[1] * size + c});
      if (at[3] >= past) {
        all |= keys.at({at[0], at[3] - past, c});
      }
    }
    return all;
  });
}

// New keys and values behind those of a cache that is an input of the network; heads share
// keys in pairs.
bool make_grouped_attention(ElementNetwork& net, const Field& x) {
  const std::int64_t past = net.pick(1, 2);
  if (x.rank() != 3 || x.dims[2] % 2 != 0) {
    return false;
  }
  const std::int64_t rows = x.dims[1];
  const std::int64_t size = x.dims[2] / 2;
  const Dims scored{x.dims[0], 2, rows, past + rows};
  const Dims made{x.dims[0], 2, rows, size};
  if (!net.has_room(count(scored) + count(made))) {
    return false;
  }
  const Field& cache = net.input({x.dims[0], 1, past, size});
  const std::string name = net.fresh("grouped");
  const std::string key = net.fresh("key");
  net.node("Slice", {x.name, net.integers({0}), net.integers({size}), net.integers({2})}, key);
  const Dims narrow{x.dims[0], rows, size};
  const Field& keys = net.result(key, narrow, [&](const Dims& at) { return x.at(at); });
  net.node("GroupQueryAttention",
           {x.name, key, key, cache.name, cache.name, net.weight({x.dims[0]}), net.weight({1})},
           name)
      .domain("com.microsoft")
      .integer("num_heads", 2)
      .integer("kv_num_heads", 1);
  const Field scores = grouped_scores(net, name + "/scores", scored, x, keys);
  const Field context = net.product(name + "/context", made, [&](const Dims& at) {
    Tokens all;
    for (std::int64_t j = 0; j < past + rows; ++j) {
      all |= scores.at({at[0], at[1], at[2], j});
      if (j >= past) {
        all |= keys.at({at[0], j - past, at[3]});
      }
    }
    return all;
  });
  net.result(name, x.dims, [&](const Dims& at) {
    return context.at({at[0], at[2] / size, at[1], at[2] % size});
  });
  return true;
}

constexpr Maker kMakers[] = {
    {"Loop", make_loop},
    {"MultiHeadAttention", make_attention},
    {"Einsum", make_turned_formula},
    {"Einsum with a batch", make_batched_formula},
    {"FusedMatMul", make_fused_product},
    {"SkipLayerNormalization", make_skip_normalization},
    {"GroupQueryAttention", make_grouped_attention},
};

}  // namespace

std::span<const Maker> compound_makers() {
  return kMakers;
}

}  // namespace imbrex::elements
