// Which elements of its operands an element of a random network without multiply-accumulates is
// made of.
#pragma once

#include "problems.hpp"

#include <cstdint>

namespace imbrex::property {

inline bool inside(const Node& node, std::int64_t y, std::int64_t x) {
  return y >= 0 && y < node.rows && x >= 0 && x < node.columns;
}

template <class Visit>
void for_each_position(const Node& node, Visit visit) {
  for (std::int64_t y = 0; y < node.rows; ++y) {
    for (std::int64_t x = 0; x < node.columns; ++x) {
      visit(y, x);
    }
  }
}

template <class Visit>
void for_each_pooled(const Node& node, const Node& input, std::int64_t y, std::int64_t x,
                     Visit visit) {
  for (std::int64_t r = 0; r < node.kernel[0]; ++r) {
    for (std::int64_t s = 0; s < node.kernel[1]; ++s) {
      const std::int64_t in_y = y * node.stride[0] - node.pad_begin[0] + r;
      const std::int64_t in_x = x * node.stride[1] - node.pad_begin[1] + s;
      if (inside(input, in_y, in_x)) {
        visit(in_y, in_x);
      }
    }
  }
}

// Calls visit(operand, channel, row, column).
template <class Visit>
void for_each_operand_element(const GraphSpec& spec, const Node& node, std::int64_t c,
                              std::int64_t y, std::int64_t x, Visit visit) {
  const std::size_t first = node.operands[0];
  const Node& input = spec.nodes[first];
  switch (node.type) {
    case NodeType::pool:
      return for_each_pooled(node, input, y, x, [&](std::int64_t in_y, std::int64_t in_x) {
        visit(first, c, in_y, in_x);
      });
    case NodeType::global_pool:
      return for_each_position(
          input, [&](std::int64_t in_y, std::int64_t in_x) { visit(first, c, in_y, in_x); });
    case NodeType::upsample:
      return visit(first, c, y / node.offset, x / node.offset);
    case NodeType::channel_concat:
      return c < input.channels ? visit(first, c, y, x)
                                : visit(node.operands[1], c - input.channels, y, x);
    case NodeType::row_concat:
      return y < input.rows ? visit(first, c, y, x) : visit(node.operands[1], c, y - input.rows, x);
    case NodeType::add:
      visit(first, c, y, x);
      return visit(node.operands[1], c, y, x);
    case NodeType::channel_slice:
      return visit(first, c + node.offset, y, x);
    case NodeType::row_slice:
      return visit(first, c, y + node.offset, x);
    case NodeType::pad:
      if (inside(input, y - node.pad_begin[0], x - node.pad_begin[1])) {
        visit(first, c, y - node.pad_begin[0], x - node.pad_begin[1]);
      }
      return;
    default:
      return visit(first, c, y, x);
  }
}

}  // namespace imbrex::property
