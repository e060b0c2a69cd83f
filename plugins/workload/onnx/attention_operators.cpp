// The operators that hide attention: com.microsoft's Attention, MultiHeadAttention and
// GroupQueryAttention, and Attention of opset 23. Masks and lengths only delay the result.
#include "attention.hpp"
#include "rules.hpp"

#include <imbrex/toolkit/extents/bounded_extents.hpp>

#include <array>

#include <fmt/core.h>

namespace imbrex::onnx_reader {
namespace {

void require_rank(const NodeView& node, std::size_t operand, std::size_t rank) {
  if (node.dims(operand).size() != rank) {
    node.fail(fmt::format("operand {} of shape {} needs {} axes", operand,
                          to_text(node.dims(operand)), rank));
  }
}

// Extent `whole` as `parts` equal parts.
std::int64_t part_of(const NodeView& node, std::int64_t whole, std::int64_t parts) {
  if (parts < 1 || whole % parts != 0) {
    node.fail(fmt::format("{} elements do not divide into {} heads", whole, parts));
  }
  return whole / parts;
}

// Rows of the cache [batch, heads, rows, size] at operand i; 0 without one.
std::int64_t past_rows(const NodeView& node, std::size_t i, const Heads& heads, std::int64_t size) {
  if (!node.has_input(i)) {
    return 0;
  }
  const Dims& past = node.dims(i);
  if (past.size() != 4 || past[0] != heads.batch || past[1] != heads.shared || past[3] != size) {
    node.fail(fmt::format("its cache of shape {} does not fit {} samples, {} heads of {} elements",
                          to_text(past), heads.batch, heads.shared, size));
  }
  return past[2];
}

Dims present_dims(const Heads& heads, std::int64_t size) {
  return {heads.batch, heads.shared, heads.total(), size};
}

// A cache that is no input of the network is known to be empty or a constant; both have no tensor.
TensorId with_past(const NodeView& node, std::size_t i, TensorId present, std::string_view what,
                   Lowering& out) {
  const bool holds_rows = node.has_input(i) && checked_elements(node.dims(i), "its cache") > 0;
  return holds_rows ? behind_past(node, out.operand(node, i), present, what, out) : present;
}

void bind_if_wanted(const NodeView& node, std::size_t i, TensorId tensor, Lowering& out) {
  if (node.wants_output(i)) {
    out.bind(node, i, tensor);
  }
}

// --- com.microsoft Attention: one projection, then attention ---

struct Projection {
  Heads heads;
  std::array<std::int64_t, 3> widths{};  // of queries, keys and values
};

std::int64_t sum_of(const std::array<std::int64_t, 3>& widths) {
  return extents::bounded_sum(extents::bounded_sum(widths[0], widths[1]), widths[2]);
}

Projection read_projection(const NodeView& node) {
  require_rank(node, 0, 3);
  require_rank(node, 1, 2);
  const Dims& data = node.dims(0);
  const Dims& weights = node.dims(1);
  Projection p;
  const auto sizes = node.integers("qkv_hidden_sizes");
  const bool given = sizes && sizes->size() == p.widths.size();
  for (std::size_t i = 0; i < p.widths.size(); ++i) {
    p.widths[i] = given ? (*sizes)[i] : weights[1] / 3;
  }
  if (weights[0] != data[2] || sum_of(p.widths) != weights[1] || p.widths[0] != p.widths[1]) {
    node.fail(fmt::format("weights of shape {} do not fit data of shape {}", to_text(weights),
                          to_text(data)));
  }
  Heads& h = p.heads;
  h.heads = h.shared = node.integer("num_heads", 0);
  h.batch = data[0];
  h.queries = h.keys = data[1];
  h.head_size = part_of(node, p.widths[0], h.heads);
  h.value_size = part_of(node, p.widths[2], h.heads);
  require_heads(node, h);
  return p;
}

std::vector<Dims> projected_shapes(const NodeView& node) {
  const Projection p = read_projection(node);
  if (node.has_input(4)) {
    node.fail(
        "a cache in the form of com.microsoft Attention is not supported; export with "
        "MultiHeadAttention or GroupQueryAttention");
  }
  const Heads& h = p.heads;
  return {{h.batch, h.queries, p.widths[2]}, {2, h.batch, h.heads, h.keys, h.head_size}};
}

void lower_projected(const NodeView& node, Lowering& out) {
  const Projection p = read_projection(node);
  if (node.is_dynamic(1)) {
    node.fail("weights that are computed at run time cannot be mapped");
  }
  if (node.wants_output(1)) {
    node.fail("its cache is an output without an input of the same kind; export without it");
  }
  const TensorId all =
      out.builder().dense(out.part(node, "projection"), out.operand(node, 0), sum_of(p.widths),
                          out.precision().weight_bits, out.precision().activation_bits);
  out.uses_weights(node, all);
  constexpr std::array<std::string_view, 3> kNames{"query", "key", "value"};
  std::array<TensorId, 3> parts{};
  std::int64_t begin = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const TensorId rows =
        out.builder().slice(out.part(node, kNames[i]), all, 2, begin, begin + p.widths[i]);
    parts[i] = split_heads(node, rows, p.heads.heads, kNames[i], out);
    begin += p.widths[i];
  }
  const TensorId context = add_attention(node, p.heads, {parts[0], parts[1], parts[2]}, out);
  out.bind(node, 0, joined_heads(node, context, out));
}

// --- Queries, keys and values as operands ---

// Where an operator keeps what.
struct Layout {
  std::size_t past_key = 0;
  std::size_t past_value = 0;
  const char* heads = "";
  const char* shared = "";
};

Layout layout_of(const NodeView& node) {
  const bool grouped = node.type() == "GroupQueryAttention";
  return node.type() == "MultiHeadAttention" ? Layout{6, 7, "num_heads", "num_heads"}
         : grouped                           ? Layout{3, 4, "num_heads", "kv_num_heads"}
                                             : Layout{4, 5, "q_num_heads", "kv_num_heads"};
}

// GroupQueryAttention may have all three in operand 0.
bool is_packed(const NodeView& node) {
  return !node.has_input(1) && !node.has_input(2);
}

Heads read_packed(const NodeView& node) {
  const Layout layout = layout_of(node);
  require_rank(node, 0, 3);
  const Dims& data = node.dims(0);
  Heads h;
  h.heads = node.integer(layout.heads, 0);
  h.shared = node.integer(layout.shared, 0);
  h.batch = data[0];
  h.queries = h.keys = data[1];
  if (node.type() != "GroupQueryAttention") {
    node.fail("queries, keys and values packed into one operand are not supported");
  }
  h.head_size = h.value_size =
      part_of(node, data[2], extents::bounded_sum(h.heads, extents::bounded_product(2, h.shared)));
  return h;
}

Heads read_separate(const NodeView& node) {
  const Layout layout = layout_of(node);
  const std::size_t rank = node.dims(0).size();
  if (rank != 3 && rank != 4) {
    node.fail(fmt::format("queries of shape {} need 3 or 4 axes", to_text(node.dims(0))));
  }
  require_rank(node, 1, rank);
  require_rank(node, 2, rank);
  const Dims& query = node.dims(0);
  const Dims& key = node.dims(1);
  const Dims& value = node.dims(2);
  const bool split = rank == 4;  // [batch, heads, rows, size]
  const std::size_t rows = rank - 2;
  Heads h;
  h.heads = split ? query[1] : node.integer(layout.heads, 0);
  h.shared = split ? key[1] : node.integer(layout.shared, 0);
  h.batch = query[0];
  h.queries = query[rows];
  h.keys = key[rows];
  h.head_size = split ? query[3] : part_of(node, query[2], h.heads);
  h.value_size = split ? value[3] : part_of(node, value[2], h.shared);
  const std::int64_t key_size = split ? key[3] : part_of(node, key[2], h.shared);
  if (key[0] != h.batch || value[0] != h.batch || value[rows] != h.keys ||
      key_size != h.head_size || (split && value[1] != h.shared)) {
    node.fail(fmt::format("keys {} and values {} do not fit queries {}", to_text(key),
                          to_text(value), to_text(query)));
  }
  return h;
}

Heads read_heads(const NodeView& node) {
  const Layout layout = layout_of(node);
  Heads h = is_packed(node) ? read_packed(node) : read_separate(node);
  require_heads(node, h);
  h.past = past_rows(node, layout.past_key, h, h.head_size);
  if (past_rows(node, layout.past_value, h, h.value_size) != h.past) {
    node.fail("its caches of keys and values differ in length");
  }
  return h;
}

std::vector<Dims> attention_shapes(const NodeView& node) {
  const Heads h = read_heads(node);
  const Dims result =
      node.dims(0).size() == 4
          ? Dims{h.batch, h.heads, h.queries, h.value_size}
          : Dims{h.batch, h.queries, extents::bounded_product(h.heads, h.value_size)};
  return {result, present_dims(h, h.head_size), present_dims(h, h.value_size)};
}

AttentionTensors packed_tensors(const NodeView& node, const Heads& h, Lowering& out) {
  const TensorId all = out.operand(node, 0);
  const std::int64_t keys = extents::bounded_product(h.heads, h.head_size);
  const std::int64_t shared = extents::bounded_product(h.shared, h.head_size);
  const std::int64_t values = extents::bounded_sum(keys, shared);
  const auto part = [&](std::string_view what, std::int64_t begin, std::int64_t end,
                        std::int64_t heads) {
    const TensorId rows = out.builder().slice(out.part(node, what), all, 2, begin, end);
    return split_heads(node, rows, heads, what, out);
  };
  return {part("query", 0, keys, h.heads), part("key", keys, values, h.shared),
          part("value", values, extents::bounded_sum(values, shared), h.shared)};
}

AttentionTensors separate_tensors(const NodeView& node, const Heads& h, Lowering& out) {
  const auto split = [&](std::size_t i, std::int64_t heads, std::string_view what) {
    const TensorId tensor = out.operand(node, i);
    return node.dims(i).size() == 4 ? tensor : split_heads(node, tensor, heads, what, out);
  };
  return {split(0, h.heads, "query"), split(1, h.shared, "key"), split(2, h.shared, "value")};
}

void lower_attention(const NodeView& node, Lowering& out) {
  const Layout layout = layout_of(node);
  const Heads h = read_heads(node);
  AttentionTensors tensors =
      is_packed(node) ? packed_tensors(node, h, out) : separate_tensors(node, h, out);
  tensors.key = with_past(node, layout.past_key, tensors.key, "keys", out);
  tensors.value = with_past(node, layout.past_value, tensors.value, "values", out);
  const TensorId context = add_attention(node, h, tensors, out);
  if (node.wants_output(0)) {
    out.bind(node, 0, node.dims(0).size() == 4 ? context : joined_heads(node, context, out));
  }
  bind_if_wanted(node, 1, tensors.key, out);
  bind_if_wanted(node, 2, tensors.value, out);
}

// --- Rotations ---

std::vector<Dims> rotary_shapes(const NodeView& node) {
  return {node.dims(0)};
}

// Elements of a head are turned in pairs; the head is the last axis, or a part of it.
void lower_rotary(const NodeView& node, Lowering& out) {
  const TensorId data = out.operand(node, 0);
  const Shape shape = out.shape(data);
  std::vector<AxisRule> rules;
  for (std::size_t axis = 0; axis + 1 < shape.rank; ++axis) {
    rules.push_back(shifted_axis(axis, 0));
  }
  rules.push_back(whole_axis(shape[shape.rank - 1]));
  const BackwardMap map(shape, shape, rules, Exactness::conservative);
  out.custom(node, 0, OperatorKind::elementwise, std::span(&data, 1), std::span(&map, 1));
}

constexpr Rule kAttentionOperatorsRules[] = {
    {"Attention", projected_shapes, lower_projected, "com.microsoft"},
    {"MultiHeadAttention", attention_shapes, lower_attention, "com.microsoft"},
    {"GroupQueryAttention", attention_shapes, lower_attention, "com.microsoft"},
    {"Attention", attention_shapes, lower_attention},
    {"RotaryEmbedding", rotary_shapes, lower_rotary},
    {"RotaryEmbedding", rotary_shapes, lower_rotary, "com.microsoft"},
};

}  // namespace

std::span<const Rule> attention_rules() {
  return kAttentionOperatorsRules;
}

}  // namespace imbrex::onnx_reader
