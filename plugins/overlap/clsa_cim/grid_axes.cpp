#include "grid_axes.hpp"

#include <algorithm>

namespace imbrex::clsa {
namespace {

// Regions of all cells along one direction of the grid, each over the whole of the others.
std::vector<Region> project_cuts(std::span<const std::int64_t> cuts, Dim dim, const DimBox& whole,
                                 FunctionRef<Region(const DimBox&)> project) {
  std::vector<Region> regions;
  regions.reserve(cuts.size() - 1);
  DimBox box = whole;
  for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
    box[dim] = {cuts[i], cuts[i + 1]};
    regions.push_back(project(box));
  }
  return regions;
}

std::vector<Interval> intervals_of(const std::vector<Region>& regions, std::size_t axis) {
  std::vector<Interval> intervals;
  intervals.reserve(regions.size());
  for (const Region& region : regions) {
    intervals.push_back(region.axis[axis]);
  }
  return intervals;
}

bool ascending(const std::vector<Interval>& intervals) noexcept {
  return std::adjacent_find(intervals.begin(), intervals.end(),
                            [](const Interval& a, const Interval& b) {
                              return b.begin < a.begin || b.end < a.end;
                            }) == intervals.end();
}

bool varies(const std::vector<Region>& regions, std::size_t axis, const Interval& whole) noexcept {
  return std::any_of(regions.begin(), regions.end(),
                     [&](const Region& region) { return region.axis[axis] != whole; });
}

}  // namespace

std::span<const std::int64_t> cuts_of(const TileGrid& grid, std::size_t direction) noexcept {
  switch (direction) {
    case 0:
      return grid.sample_cuts;
    case 1:
      return grid.row_cuts;
    default:
      return grid.column_cuts;
  }
}

std::int64_t cells_along(const TileGrid& grid, std::size_t direction) noexcept {
  return static_cast<std::int64_t>(cuts_of(grid, direction).size()) - 1;
}

std::int64_t cell_stride(const TileGrid& grid, std::size_t direction) noexcept {
  std::int64_t stride = 1;
  for (std::size_t inner = direction + 1; inner < kGridRank; ++inner) {
    stride *= cells_along(grid, inner);
  }
  return stride;
}

std::optional<GridAxes> grid_axes(const TileGrid& grid, const DimBox& whole,
                                  FunctionRef<Region(const DimBox&)> project) {
  const Region everything = project(whole);
  std::array<std::vector<Region>, kGridRank> regions;
  for (std::size_t d = 0; d < kGridRank; ++d) {
    regions[d] = project_cuts(cuts_of(grid, d), kGridDims[d], whole, project);
  }
  GridAxes result;
  result.rank = everything.rank;
  for (std::size_t a = 0; a < everything.rank; ++a) {
    GridAxis& axis = result.axis[a];
    axis.intervals = {everything.axis[a]};
    for (std::size_t d = 0; d < kGridRank; ++d) {
      if (!varies(regions[d], a, everything.axis[a])) {
        continue;
      }
      if (axis.follows != GridAxis::kNothing || result.follower[d] >= 0) {
        return std::nullopt;
      }
      axis.follows = static_cast<int>(d);
      result.follower[d] = static_cast<int>(a);
      axis.intervals = intervals_of(regions[d], a);
    }
    if (!ascending(axis.intervals)) {
      return std::nullopt;
    }
  }
  return result;
}

IndexRange meeting(const std::vector<Interval>& intervals, const Interval& wanted) noexcept {
  if (wanted.empty()) {
    return {};
  }
  const auto first = std::partition_point(intervals.begin(), intervals.end(),
                                          [&](const Interval& i) { return i.end <= wanted.begin; });
  const auto last = std::partition_point(first, intervals.end(),
                                         [&](const Interval& i) { return i.begin < wanted.end; });
  return {first - intervals.begin(), last - intervals.begin()};
}

}  // namespace imbrex::clsa
