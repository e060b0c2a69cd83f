#include "attention.hpp"

#include <array>

#include <fmt/core.h>

namespace imbrex::onnx_reader {
namespace {

constexpr std::array<std::int64_t, 4> kHeadsFirst{0, 2, 1, 3};
constexpr std::array<std::int64_t, 4> kTurned{0, 1, 3, 2};
constexpr std::array<std::int64_t, 1> kLastAxis{3};

// Heads that share keys are rows of one product: [batch, shared, heads / shared * queries, size].
Dims grouped_rows(const Heads& heads) {
  return {heads.batch, heads.shared,
          extents::bounded_product(heads.heads / heads.shared, heads.queries), heads.head_size};
}

}  // namespace

void require_heads(const NodeView& node, const Heads& heads) {
  const bool possible = heads.batch >= 1 && heads.queries >= 1 && heads.keys >= 1 &&
                        heads.past >= 0 && heads.heads >= 1 && heads.shared >= 1 &&
                        heads.head_size >= 1 && heads.value_size >= 1;
  if (!possible || heads.heads % heads.shared != 0) {
    node.fail(fmt::format(
        "{} heads of {} elements over {} heads of keys and {} elements of values are not possible",
        heads.heads, heads.head_size, heads.shared, heads.value_size));
  }
}

TensorId split_heads(const NodeView& node, TensorId rows, std::int64_t heads, std::string_view what,
                     Lowering& out) {
  const Dims dims = out.dims(rows);
  const TensorId split = out.reshaped(node, rows, {dims[0], dims[1], heads, dims[2] / heads}, what);
  return out.transposed(node, split, kHeadsFirst, what);
}

TensorId behind_past(const NodeView& node, TensorId past, TensorId present, std::string_view what,
                     Lowering& out) {
  const std::array<TensorId, 2> both{past, present};
  return out.builder().concat(out.part(node, what), both, 2);
}

TensorId add_attention(const NodeView& node, const Heads& heads, const AttentionTensors& tensors,
                       Lowering& out) {
  const std::int32_t bits = out.precision().activation_bits;
  const TensorId rows = out.reshaped(node, tensors.query, grouped_rows(heads), "query_rows");
  const TensorId columns = out.transposed(node, tensors.key, kTurned, "key_columns");
  const TensorId scores = out.builder().matmul(out.part(node, "scores"), rows, columns, bits);
  const TensorId weights = out.builder().softmax(out.part(node, "softmax"), scores, kLastAxis);
  const TensorId context =
      out.builder().matmul(out.part(node, "context"), weights, tensors.value, bits);
  return out.reshaped(node, context, {heads.batch, heads.heads, heads.queries, heads.value_size},
                      "heads");
}

TensorId joined_heads(const NodeView& node, TensorId heads, Lowering& out) {
  const Dims dims = out.dims(heads);
  const TensorId rows = out.transposed(node, heads, kHeadsFirst, "rows");
  return out.builder().reshape(out.name(node), rows,
                               to_shape({dims[0], dims[2], dims[1] * dims[3]}, "result"));
}

}  // namespace imbrex::onnx_reader
