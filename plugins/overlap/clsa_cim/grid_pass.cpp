#include "grid_pass.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace imbrex::clsa {
namespace {

constexpr std::size_t kFirstAxis = kMaxRank - kGridRank;  // of a DenseArray that holds a tile grid

DenseArray grid_array(const TileGrid& grid, std::vector<std::int64_t> value) {
  DenseArray array;
  for (std::size_t d = 0; d < kGridRank; ++d) {
    array.extent[kFirstAxis + d] = cells_along(grid, d);
  }
  array.value = std::move(value);
  return array;
}

// Servers' cells in the order in which they run; row-major already is one for the usual dealings.
std::vector<std::size_t> running_order(const TileGrid& grid) {
  std::vector<std::size_t> cells(grid.step.size());
  std::iota(cells.begin(), cells.end(), std::size_t{0});
  std::stable_sort(cells.begin(), cells.end(),
                   [&](std::size_t a, std::size_t b) { return grid.step[a] < grid.step[b]; });
  return cells;
}

bool row_major_runs_in_order(const TileGrid& grid, std::int64_t servers) {
  IndexVector<std::int32_t, std::int32_t> next(servers, 0);
  for (std::size_t cell = 0; cell < grid.step.size(); ++cell) {
    if (grid.step[cell] != next[grid.server[cell]]++) {
      return false;
    }
  }
  return true;
}

// One axis of an output: its cells, and which cells along a grid direction have to be done for
// each.
struct Published {
  std::vector<std::int64_t> cuts;
  std::vector<IndexRange> made_by;
};

Published published(const std::vector<Interval>& intervals, std::int64_t extent) {
  Published result;
  std::vector<std::int64_t>& cuts = result.cuts;
  cuts = {0, extent};
  for (const Interval& interval : intervals) {
    cuts.push_back(interval.begin);
    cuts.push_back(interval.end);
  }
  std::sort(cuts.begin(), cuts.end());
  cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
  for (std::size_t cell = 0; cell + 1 < cuts.size(); ++cell) {
    result.made_by.push_back(meeting(intervals, {cuts[cell], cuts[cell + 1]}));
  }
  return result;
}

// Every job makes something, and together they make all of the output.
bool makes_everything(const GridAxes& axes, const Shape& shape) noexcept {
  for (std::size_t a = 0; a < axes.rank; ++a) {
    const GridAxis& axis = axes.axis[a];
    if (axis.follows == GridAxis::kNothing && axis.intervals[0] != Interval{0, shape[a]}) {
      return false;
    }
    for (const Interval& interval : axis.intervals) {
      if (interval.empty()) {
        return false;
      }
    }
  }
  return true;
}

// Reduces the grid of end times to the output's cells, whose cuts it sets. Overlapping outputs
// (transposed convolution) wait for their last job; a grid direction that no output axis follows is
// waited for as a whole.
void reduce_to_output_cells(const GridAxes& axes, DenseArray& done, AvailabilityMap& map) {
  std::vector<std::int64_t> spare;
  for (std::size_t d = 0; d < kGridRank; ++d) {
    std::vector<IndexRange> made_by = {{0, done.extent[kFirstAxis + d]}};
    if (axes.follower[d] >= 0) {
      const std::size_t a = static_cast<std::size_t>(axes.follower[d]);
      Published made = published(axes.axis[a].intervals, map.shape[a]);
      map.cuts[a] = std::move(made.cuts);
      made_by = std::move(made.made_by);
    }
    range_max(done, kFirstAxis + d, made_by, spare);
  }
}

std::string refusal(const Operator& op, std::string_view why) {
  return "operator '" + op.name + "': " + std::string(why);
}

// What each cell along a grid direction (or every job) needs of one input axis, in cells.
std::vector<IndexRange> needed_cells(const GridAxis& axis, const AvailabilityMap& input,
                                     std::size_t tensor_axis) {
  std::vector<IndexRange> ranges;
  ranges.reserve(axis.intervals.size());
  for (const Interval& interval : axis.intervals) {
    ranges.push_back(input.cells_meeting(tensor_axis, interval));
  }
  return ranges;
}

bool needs_only_the_whole(const GridAxis& axis, std::int64_t extent) noexcept {
  return std::all_of(axis.intervals.begin(), axis.intervals.end(), [&](const Interval& i) {
    return i.empty() || i == Interval{0, extent};
  });
}

// Where the entry of a grid cell lies in an array over a tensor's axes.
std::array<std::int64_t, kMaxRank> grid_strides(const GridAxes& axes, const DenseArray& array) {
  const std::array<std::int64_t, kMaxRank> along = strides_of(array);
  std::array<std::int64_t, kMaxRank> strides{};
  for (std::size_t d = 0; d < kGridRank; ++d) {
    if (axes.follower[d] >= 0) {
      strides[kFirstAxis + d] = along[static_cast<std::size_t>(axes.follower[d])];
    }
  }
  return strides;
}

}  // namespace

bool wait_for_input(const Workload& workload, OperatorId op, std::size_t k, const TileGrid& grid,
                    const AvailabilityMap& input, std::int64_t delay_ps,
                    std::vector<std::int64_t>& ready_ps, std::string& obstacle) {
  const auto project = [&](const DimBox& box) { return workload.input_region(op, k, box); };
  const auto axes = grid_axes(grid, workload.at(op).bounds.whole(), project);
  if (!axes) {
    obstacle =
        refusal(workload.at(op), "an axis of its input moves with two directions of its jobs");
    return false;
  }
  std::array<std::vector<IndexRange>, kMaxRank> needed;
  for (std::size_t a = 0; a < axes->rank; ++a) {
    if (input.whole_only[a] && !needs_only_the_whole(axes->axis[a], input.shape[a])) {
      obstacle = refusal(workload.at(op),
                         "it needs a part of data that a reshape has spread over its axes");
      return false;
    }
    needed[a] = needed_cells(axes->axis[a], input, a);
  }
  DenseArray ready = grid_array(grid, std::move(ready_ps));
  std::vector<std::int64_t> spare;
  for (DenseArray reduced : input.terms) {
    for (std::size_t a = 0; a < axes->rank; ++a) {
      reduce_term(reduced, a, needed[a], spare);
    }
    accumulate(ready, reduced.value, grid_strides(*axes, reduced), delay_ps);
  }
  ready_ps = std::move(ready.value);
  return true;
}

GridTimes run_servers(const WorkOrder& order, const TileGrid& grid,
                      const std::vector<std::int64_t>& ready_ps) {
  GridTimes times;
  times.start_ps.resize(ready_ps.size());
  times.end_ps.resize(ready_ps.size());
  times.waited_for.resize(ready_ps.size());
  IndexVector<std::int64_t, std::int64_t> free_ps(order.server_count(), 0);
  const auto run = [&](std::size_t cell) {
    std::int64_t& free = free_ps[grid.server[cell]];
    const std::int64_t start = std::max(free, ready_ps[cell]);
    if (start > 0) {
      times.waited_for[cell] = (start == ready_ps[cell] ? Wait::source : Wait::nothing) |
                               (start == free ? Wait::server : Wait::nothing);
    }
    free = start + order.job(grid.step[cell], grid.server[cell]).duration_ps;
    times.start_ps[cell] = start;
    times.end_ps[cell] = free;
  };
  if (row_major_runs_in_order(grid, order.server_count())) {
    for (std::size_t cell = 0; cell < ready_ps.size(); ++cell) {
      run(cell);
    }
  } else {
    for (const std::size_t cell : running_order(grid)) {
      run(cell);
    }
  }
  return times;
}

std::optional<AvailabilityMap> publish(const Workload& workload, OperatorId op,
                                       const TileGrid& grid,
                                       const std::vector<std::int64_t>& end_ps,
                                       std::int64_t completion_ps, std::string& obstacle) {
  const auto project = [&](const DimBox& box) { return workload.output_region(op, box); };
  const auto axes = grid_axes(grid, workload.at(op).bounds.whole(), project);
  if (!axes) {
    obstacle =
        refusal(workload.at(op), "an axis of its output moves with two directions of its jobs");
    return std::nullopt;
  }
  AvailabilityMap map = always_there(workload.at(workload.at(op).output).shape);
  if (!makes_everything(*axes, map.shape)) {
    obstacle = refusal(workload.at(op), "its jobs leave a part of its output unmade");
    return std::nullopt;
  }
  DenseArray done = grid_array(grid, end_ps);
  reduce_to_output_cells(*axes, done, map);
  const std::array<std::int64_t, kMaxRank> along = strides_of(done);
  std::array<std::int64_t, kMaxRank> strides{};
  for (std::size_t d = 0; d < kGridRank; ++d) {
    if (axes->follower[d] >= 0) {
      strides[static_cast<std::size_t>(axes->follower[d])] = along[kFirstAxis + d];
    }
  }
  DenseArray term;
  std::size_t cells = 1;
  for (std::size_t a = 0; a < axes->rank; ++a) {
    term.extent[a] = map.cells(a);
    cells *= static_cast<std::size_t>(map.cells(a));
  }
  term.value.assign(cells, kAlwaysThere);
  accumulate(term, done.value, strides, completion_ps);
  add_term(map, std::move(term));
  return map;
}

}  // namespace imbrex::clsa
