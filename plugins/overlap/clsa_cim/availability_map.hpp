// When every element of a tensor is available, stored once per cell of a grid of cuts: an axis
// along which nothing differs has one cell. Movement operators push maps forward.
#pragma once

#include "range_max.hpp"

#include <imbrex/values/workload.hpp>

#include <optional>
#include <string>
#include <vector>

namespace imbrex::clsa {

struct AvailabilityMap {
  Shape shape;
  // Per axis, cells are [cuts[i], cuts[i + 1]); first 0, last the extent.
  std::array<std::vector<std::int64_t>, kMaxRank> cuts;
  // Per axis: the value holds only for somebody who needs the whole axis (a reshape that moves
  // elements between axes); anybody who needs a part of it is refused.
  std::array<bool, kMaxRank> whole_only{};
  DenseArray ready_ps;

  std::int64_t cells(std::size_t axis) const noexcept {
    return static_cast<std::int64_t>(cuts[axis].size()) - 1;
  }
  // Cells that meet an interval of the axis. O(log cells).
  IndexRange cells_meeting(std::size_t axis, const Interval& wanted) const noexcept;
};

// One cell, available from the start: an input of the network.
AvailabilityMap always_there(const Shape& shape);

// The output's map of a movement operator that takes `delay_ps`; `inputs` in the operator's order.
// No value, and the reason in `obstacle`, when a map per element cannot say what the explicit graph
// says about regions. Complexity: O(cells + extents of the axes).
std::optional<AvailabilityMap> push_forward(const Operator& op, const Shape& output,
                                            std::span<const AvailabilityMap* const> inputs,
                                            std::int64_t delay_ps, std::string& obstacle);

// target = max(target, source + delay) over all cells of the target; source steps by the strides.
void accumulate(DenseArray& target, const std::vector<std::int64_t>& source,
                const std::array<std::int64_t, kMaxRank>& strides, std::int64_t delay_ps);

}  // namespace imbrex::clsa
