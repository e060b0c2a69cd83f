// File: grid_axes.cpp
#include "grid_axes.hpp"

#include <algorithm>

namespace imbrex::clsa {
namespace {

// Regions of all rows (or columns) of the grid, each over the whole other dimension.
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

std::optional<GridAxes> grid_axes(const TileGrid& grid, const DimBox& whole,
                                  FunctionRef<Region(const DimBox&)> project) {
  const Region everything = project(whole);
  const std::vector<Region> rows = project_cuts(grid.row_cuts, Dim::P, whole, project);
  const std::vector<Region> columns = project_cuts(grid.column_cuts, Dim::Q, whole, project);
  GridAxes result;
  result.rank = everything.rank;
  for (std::size_t a = 0; a < everything.rank; ++a) {
    const bool by_row = varies(rows, a, everything.axis[a]);
    const bool by_column = varies(columns, a, everything.axis[a]);
    GridAxis& axis = result.axis[a];
    if (!by_row && !by_column) {
      axis.intervals = {everything.axis[a]};
      continue;
    }
    int& owner = by_row ? result.row_axis : result.column_axis;
    if ((by_row && by_column) || owner >= 0) {
      return std::nullopt;
    }
    owner = static_cast<int>(a);
    axis.follows = by_row ? GridAxis::Follows::row : GridAxis::Follows::column;
    axis.intervals = intervals_of(by_row ? rows : columns, a);
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
