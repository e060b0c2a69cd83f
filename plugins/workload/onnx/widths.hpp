// How many bits an element has: what the recipe says, or what the file stores, tensor by tensor.
#pragma once

#include "node_view.hpp"

namespace imbrex::onnx_reader {

// Words of the recipe for a width, beside a number of bits.
inline constexpr std::int64_t kAsStored = 0;     // every tensor as the file has it
inline constexpr std::int64_t kUnlessWide = -1;  // likewise, but types above 16 bits count as 8

// Element types and stored widths of a node's results, one entry per result. Folded constants keep
// their types.
void set_types(const NodeView& node, bool folded, std::vector<Value>& results);

// Bits per element of a value when the recipe says `said`.
std::int32_t width_of(const Value& value, std::int64_t said);

// The constant operand that holds a node's weights: the largest; nothing when none is constant.
std::optional<std::size_t> weights_at(const NodeView& node);

// Bits per weight of a node without a constant, or with packed weights, as well.
std::int32_t weight_width(const NodeView& node, std::int64_t said);

}  // namespace imbrex::onnx_reader
