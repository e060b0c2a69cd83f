// File: grid_axes.hpp
//
// How the axes of a tensor follow from the cells of a tile grid. A job covers everything but its
// rows P and columns Q, so each tensor axis follows the grid's rows, its columns, or neither.
#pragma once

#include <imbrex/function_ref.hpp>
#include <imbrex/region.hpp>
#include <imbrex/work_order.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace imbrex::clsa {

struct GridAxis {
  enum class Follows : std::uint8_t { nothing, row, column };
  Follows follows = Follows::nothing;
  // One per grid row or column (begins and ends never decrease), or a single one for `nothing`.
  std::vector<Interval> intervals;
};

struct GridAxes {
  std::uint8_t rank = 0;
  std::array<GridAxis, kMaxRank> axis;
  // The axis that follows rows (columns), or -1; at most one each.
  int row_axis = -1;
  int column_axis = -1;
};

// `project` gives the tensor region that belongs to a box of the operator's loop nest. No value
// when the region is no product of row and column intervals in that form, e.g. a flattened P*Q
// axis. Complexity: O((rows + columns) * rank).
std::optional<GridAxes> grid_axes(const TileGrid& grid, const DimBox& whole,
                                  FunctionRef<Region(const DimBox&)> project);

// Indices of the intervals that meet `wanted`; they are neighbours because begins and ends are
// ascending. Empty when nothing meets it. O(log intervals).
struct IndexRange {
  std::int64_t begin = 0;
  std::int64_t end = 0;
  bool empty() const noexcept { return end <= begin; }
  friend bool operator==(const IndexRange&, const IndexRange&) = default;
};
IndexRange meeting(const std::vector<Interval>& intervals, const Interval& wanted) noexcept;

}  // namespace imbrex::clsa
