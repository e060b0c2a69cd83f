// How the axes of a tensor follow from the cells of a tile grid. A job covers everything but its
// samples N, rows P and columns Q, so each tensor axis follows one direction of the grid, or none.
#pragma once

#include <imbrex/plugin/host.hpp>
#include <imbrex/values/region.hpp>
#include <imbrex/values/work_order.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace imbrex::clsa {

// The directions of a tile grid, outermost first.
inline constexpr std::size_t kGridRank = 3;
inline constexpr std::array<Dim, kGridRank> kGridDims = {Dim::N, Dim::P, Dim::Q};

// Cuts of a grid along one direction, how many cells lie along it, and how far apart two of them.
std::span<const std::int64_t> cuts_of(const TileGrid& grid, std::size_t direction) noexcept;
std::int64_t cells_along(const TileGrid& grid, std::size_t direction) noexcept;
std::int64_t cell_stride(const TileGrid& grid, std::size_t direction) noexcept;

struct GridAxis {
  static constexpr int kNothing = -1;
  int follows = kNothing;  // direction of the grid
  // One per cell along it (begins and ends never decrease), or a single one for `nothing`.
  std::vector<Interval> intervals;
};

struct GridAxes {
  std::uint8_t rank = 0;
  std::array<GridAxis, kMaxRank> axis;
  // Per direction, the axis that follows it, or -1; at most one each.
  std::array<int, kGridRank> follower{-1, -1, -1};
};

// `project` gives the tensor region that belongs to a box of the operator's loop nest. No value
// when the region is no product of intervals in that form, e.g. a flattened P*Q axis. Complexity:
// O((samples + rows + columns) * rank).
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
