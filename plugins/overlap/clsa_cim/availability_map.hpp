// When every element of a tensor is available, stored once per cell of a grid of cuts: an axis
// along which nothing differs has one cell. What waits for two operands that follow different axes,
// as the product of two matrices does, keeps them apart: the maximum of a row and of a column says
// as much as a square of cells. Movement operators push maps forward.
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
  // A cell is there when all terms are. Along an axis with more cells than the term has entries,
  // the term has one for all of them.
  std::vector<DenseArray> terms;

  std::int64_t cells(std::size_t axis) const noexcept {
    return static_cast<std::int64_t>(cuts[axis].size()) - 1;
  }
  // Cells that meet an interval of the axis. O(log cells).
  IndexRange cells_meeting(std::size_t axis, const Interval& wanted) const noexcept;
};

// Adds a term, as a part of one that has entries along all of its axes where there is one.
void add_term(AvailabilityMap& map, DenseArray term);

// Replaces an axis of a term by one entry per range, or by one for all where no range is empty and
// the term has one for all cells.
void reduce_term(DenseArray& term, std::size_t axis, std::span<const IndexRange> ranges,
                 std::vector<std::int64_t>& spare);

// One cell, available from the start: an input of the network.
AvailabilityMap always_there(const Shape& shape);

// The output's map of a movement operator that takes `delay_ps`; `inputs` in the operator's order.
// No value, and the reason in `obstacle`, when a map per element cannot say what the explicit graph
// says about regions. Complexity: O(cells + extents of the axes).
std::optional<AvailabilityMap> push_forward(const Operator& op, const Shape& output,
                                            std::span<const AvailabilityMap* const> inputs,
                                            std::int64_t delay_ps, std::string& obstacle);

// How far apart in an array two neighbours along each axis are; 0 where it has one entry.
std::array<std::int64_t, kMaxRank> strides_of(const DenseArray& array) noexcept;

// target = max(target, source + delay) over all cells of the target; source steps by the strides.
void accumulate(DenseArray& target, const std::vector<std::int64_t>& source,
                const std::array<std::int64_t, kMaxRank>& strides, std::int64_t delay_ps);

}  // namespace imbrex::clsa
