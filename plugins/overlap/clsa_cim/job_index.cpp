#include "job_index.hpp"

#include <imbrex/plugin/error.hpp>

#include <algorithm>

namespace imbrex::clsa {
namespace {

bool by_position(const Interval& a, const Interval& b) noexcept {
  return a.begin != b.begin ? a.begin < b.begin : a.end < b.end;
}

// Calls visit(job) for every job by server, then step.
template <class Visit>
void for_each_job(const WorkOrder& order, Visit&& visit) {
  for (std::int64_t server = 0; server < order.server_count(); ++server) {
    for (std::int64_t step = 0; step < order.step_count(server); ++step) {
      visit(server, step);
    }
  }
}

bool ends_ascend(const std::vector<Interval>& intervals) noexcept {
  return std::is_sorted(intervals.begin(), intervals.end(),
                        [](const Interval& a, const Interval& b) { return a.end < b.end; });
}

}  // namespace

JobIndex::JobIndex(const Workload& workload, OperatorId op, const WorkOrder& order) {
  if (const TileGrid* grid = order.tile_grid()) {
    const auto project = [&](const DimBox& box) { return workload.output_region(op, box); };
    const auto axes = grid_axes(*grid, workload.at(op).bounds.whole(), project);
    // A cut that no output axis shows would put several jobs into one cell.
    bool every_cut_shows = axes.has_value();
    for (std::size_t d = 0; axes && d < kGridRank; ++d) {
      every_cut_shows &= cells_along(*grid, d) == 1 || axes->follower[d] >= 0;
    }
    if (every_cut_shows) {
      index_grid(*grid, order, *axes, workload.at(workload.at(op).output).shape);
      return;
    }
  }
  index_boxes(workload, op, order);
}

void JobIndex::index_grid(const TileGrid& grid, const WorkOrder& order, const GridAxes& axes,
                          const Shape& shape) {
  cell_count_ = static_cast<std::int64_t>(grid.server.size());
  for (std::size_t a = 0; a < axes.rank; ++a) {
    const GridAxis& axis = axes.axis[a];
    if (axis.follows != GridAxis::kNothing) {
      axes_.push_back(
          {a, cell_stride(grid, static_cast<std::size_t>(axis.follows)), axis.intervals, true});
    } else if (axis.intervals[0] != Interval{0, shape[a]}) {
      axes_.push_back({a, 0, axis.intervals, true});
    }
  }
  IndexVector<std::int32_t, std::int64_t> first_job;
  std::int64_t jobs = 0;
  for (std::int64_t server = 0; server < order.server_count(); ++server) {
    first_job.push_back(jobs);
    jobs += order.step_count(server);
  }
  cell_of_job_.resize(jobs);
  for (std::size_t cell = 0; cell < grid.server.size(); ++cell) {
    const std::int64_t job = first_job[grid.server[cell]] + grid.step[cell];
    cell_of_job_[job] = static_cast<std::int64_t>(cell);
  }
}

// Every dimension of a loop nest moves along one output axis only, so there are never more cells
// than jobs: distinct intervals of an axis come from distinct values of the loops of its
// dimensions.
void JobIndex::index_boxes(const Workload& workload, OperatorId op, const WorkOrder& order) {
  std::vector<Region> regions;
  std::vector<std::int64_t> working;
  for_each_job(order, [&](std::int64_t server, std::int64_t step) {
    const DimBox box = order.job(step, server).box;
    if (!box.empty()) {
      working.push_back(std::ssize(cell_of_job_));
      regions.push_back(workload.output_region(op, box));
    }
    cell_of_job_.push_back(0);
  });
  std::vector<Interval> intervals;
  for (std::size_t a = workload.at(workload.at(op).output).shape.rank; a-- > 0;) {
    intervals.clear();
    for (const Region& region : regions) {
      intervals.push_back(region.axis[a]);
    }
    std::sort(intervals.begin(), intervals.end(), by_position);
    intervals.erase(std::unique(intervals.begin(), intervals.end()), intervals.end());
    for (std::size_t i = 0; i < regions.size(); ++i) {
      const auto at =
          std::lower_bound(intervals.begin(), intervals.end(), regions[i].axis[a], by_position);
      cell_of_job_[working[i]] += (at - intervals.begin()) * cell_count_;
    }
    axes_.push_back({a, cell_count_, intervals, ends_ascend(intervals)});
    cell_count_ *= static_cast<std::int64_t>(intervals.size());
  }
}

bool JobIndex::ranges(const Region& region,
                      std::array<IndexRange, kMaxRank>& range) const noexcept {
  for (std::size_t i = 0; i < axes_.size(); ++i) {
    const Axis& axis = axes_[i];
    range[i] = axis.ascending ? meeting(axis.intervals, region.axis[axis.tensor_axis])
                              : IndexRange{0, static_cast<std::int64_t>(axis.intervals.size())};
    if (range[i].empty()) {
      return false;
    }
  }
  return true;
}

}  // namespace imbrex::clsa
