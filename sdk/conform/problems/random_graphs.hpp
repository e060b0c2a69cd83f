// Random networks in a plain description of their own, from which both the workload under test and
// the element-by-element reference (token_flood.hpp) are made.
#pragma once

#include <imbrex/plugin/host.hpp>
#include <imbrex/values/workload.hpp>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace imbrex::problems {

enum class NodeType : std::uint8_t {
  input,
  convolution,
  transposed_convolution,
  pool,
  global_pool,
  upsample,
  channel_concat,
  row_concat,
  add,
  channel_slice,
  row_slice,
  pad,
  activation,
};

// One node and its output tensor; nodes are in topological order, input first.
struct Node {
  NodeType type = NodeType::input;
  std::vector<std::size_t> operands;
  std::int64_t channels = 1;
  std::int64_t rows = 1;
  std::int64_t columns = 1;
  std::array<std::int64_t, 2> kernel{1, 1};
  std::array<std::int64_t, 2> stride{1, 1};
  std::array<std::int64_t, 2> pad_begin{0, 0};
  std::array<std::int64_t, 2> pad_end{0, 0};
  std::int64_t groups = 1;
  std::int64_t offset = 0;  // slices: first kept; upsample: factor
  bool row_chain = false;   // its jobs along the rows wait for those before them

  bool is_base() const noexcept {
    return type == NodeType::convolution || type == NodeType::transposed_convolution;
  }
};

struct GraphSpec {
  std::vector<Node> nodes;
  std::int64_t batch = 1;
  std::int32_t weight_bits = 8;

  // No window skips input, so the box of a region holds nothing superfluous (specification clsa-cim
  // section 6.2).
  bool strides_within_kernels() const noexcept;
  std::string to_string() const;
};

// At least one base layer; tensors of at most 12 x 12 positions and 8 channels or so.
GraphSpec random_graph(Random& random);

// Operator i of the workload is node i + 1 of the description.
Workload build_workload(const GraphSpec& spec);

}  // namespace imbrex::problems
