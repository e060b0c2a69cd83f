// Which jobs of one operator make a region of its output? Jobs whose output boxes are equal share a
// cell; cells form a grid over the distinct intervals of each axis, so a query is index arithmetic.
#pragma once

#include "grid_axes.hpp"

#include <imbrex/values/work_graph.hpp>

#include <array>
#include <cstdint>
#include <vector>

namespace imbrex::clsa {

class JobIndex {
 public:
  // Complexity: O(samples + rows + columns) for tile grids, O(jobs log jobs) for any other order.
  JobIndex(const Workload& workload, OperatorId op, const WorkOrder& order);

  // Cell a job with work publishes into. `job_number` counts jobs by server, then step.
  std::int64_t cell_of(std::int64_t job_number) const noexcept { return cell_of_job_[job_number]; }
  std::int64_t cell_count() const noexcept { return cell_count_; }

  // Calls visit(cell) once for every cell that meets the region. Cells may be without jobs.
  // O(axes + cells met), plus a binary search per axis that is cut.
  template <class Visit>
  void for_each_cell(const Region& region, Visit&& visit) const {
    std::array<IndexRange, kMaxRank> range;
    if (!ranges(region, range)) {
      return;
    }
    visit_axis(region, range, 0, 0, visit);
  }

 private:
  struct Axis {
    std::size_t tensor_axis = 0;
    std::int64_t stride = 0;
    std::vector<Interval> intervals;
    bool ascending = true;  // ends ascend with begins; else every candidate is looked at
  };

  void index_grid(const TileGrid& grid, const WorkOrder& order, const GridAxes& axes,
                  const Shape& shape);
  void index_boxes(const Workload& workload, OperatorId op, const WorkOrder& order);
  bool ranges(const Region& region, std::array<IndexRange, kMaxRank>& range) const noexcept;

  template <class Visit>
  void visit_axis(const Region& region, const std::array<IndexRange, kMaxRank>& range,
                  std::size_t depth, std::int64_t cell, Visit& visit) const {
    if (depth == axes_.size()) {
      visit(cell);
      return;
    }
    const Axis& axis = axes_[depth];
    for (std::int64_t i = range[depth].begin; i < range[depth].end; ++i) {
      const Interval& interval = axis.intervals[static_cast<std::size_t>(i)];
      if (!interval.intersect(region.axis[axis.tensor_axis]).empty()) {
        visit_axis(region, range, depth + 1, cell + i * axis.stride, visit);
      }
    }
  }

  std::vector<Axis> axes_;  // only axes that are cut, or not wholly made
  std::int64_t cell_count_ = 1;
  IndexVector<std::int64_t, std::int64_t> cell_of_job_;
};

}  // namespace imbrex::clsa
