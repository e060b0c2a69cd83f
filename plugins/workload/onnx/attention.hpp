// Attention as its products: scores of queries and keys, softmax, and the sum of values they weigh.
#pragma once
#include "lowering.hpp"

#include <imbrex/toolkit/extents/bounded_extents.hpp>

namespace imbrex::onnx_reader {

// Head counts and extents of one attention, whatever operator says so.
struct Heads {
  std::int64_t batch = 0;
  std::int64_t queries = 0;     // rows
  std::int64_t keys = 0;        // rows of this call
  std::int64_t past = 0;        // rows of the cache before them
  std::int64_t heads = 0;       // of queries
  std::int64_t shared = 0;      // of keys and values; divides `heads`
  std::int64_t head_size = 0;   // of queries and keys
  std::int64_t value_size = 0;  // of values
  std::int64_t total() const noexcept { return extents::bounded_sum(past, keys); }
};

// Errors: InputError when extents are below 1 or heads are no multiple of shared ones.
void require_heads(const NodeView& node, const Heads& heads);

// [batch, rows, heads * size] as [batch, heads, rows, size].
TensorId split_heads(const NodeView& node, TensorId rows, std::int64_t heads, std::string_view what,
                     Lowering& out);

// Keys or values behind those of the cache, both [batch, shared heads, rows, size].
TensorId behind_past(const NodeView& node, TensorId past, TensorId present, std::string_view what,
                     Lowering& out);

struct AttentionTensors {
  TensorId query = TensorId::none;  // [batch, heads, queries, head_size]
  TensorId key = TensorId::none;    // [batch, shared, total, head_size]
  TensorId value = TensorId::none;  // [batch, shared, total, value_size]
};

// [batch, heads, queries, value_size]. MACs: batch x heads x queries x total x (head_size +
// value_size); a causal mask saves none, since arrays compute whole products.
TensorId add_attention(const NodeView& node, const Heads& heads, const AttentionTensors& tensors,
                       Lowering& out);

// [batch, heads, queries, size] as [batch, queries, heads * size], under the node's name when it is
// result 0.
TensorId joined_heads(const NodeView& node, TensorId heads, Lowering& out);

}  // namespace imbrex::onnx_reader
