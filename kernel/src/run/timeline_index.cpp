#include "run/timeline_index.hpp"

#include <imbrex/plugin/error.hpp>

#include <algorithm>
#include <numeric>

namespace imbrex::run {

TimelineIndex::TimelineIndex(const WorkGraph& graph, const Timeline& timeline)
    : graph_(graph),
      timeline_(timeline),
      grids_(graph.workload().operators().size()),
      seen_(timeline.jobs.size(), 0) {
  const std::size_t operators = graph.workload().operators().size();
  first_.reserve(operators + 1);
  std::size_t position = 0;
  for (std::size_t op = 0; op < operators; ++op) {
    first_.push_back(static_cast<std::uint32_t>(position));
    while (position < timeline.jobs.size() && index(timeline.jobs[position].id) == op) {
      ++position;
    }
  }
  first_.push_back(static_cast<std::uint32_t>(position));
  IMBREX_ASSERT(position == timeline.jobs.size());  // jobs are ordered by operator
}

Job TimelineIndex::job(std::uint32_t job) const noexcept {
  const TimedJob& timed = at(job);
  return graph_.order(timed.id).job(timed.step, timed.server);
}

Region TimelineIndex::output_region(std::uint32_t job) const noexcept {
  return graph_.workload().output_region(at(job).id, box(job));
}

template <class Visit>
void TimelineIndex::for_each_cell(const Grid& grid, const Region& region, Visit visit) {
  std::array<std::int32_t, kMaxRank> low{};
  std::array<std::int32_t, kMaxRank> high{};
  std::array<std::size_t, kMaxRank> pitch{};
  std::size_t next_pitch = 1;
  for (std::size_t axis = kMaxRank; axis-- > 0;) {
    const auto& cells = grid.cell_of[axis];
    low[axis] = cells[region.axis[axis].begin];
    high[axis] = cells[region.axis[axis].end - 1];
    pitch[axis] = next_pitch;
    next_pitch *= static_cast<std::size_t>(cells.back()) + 1;
  }
  std::array<std::int32_t, kMaxRank> cell = low;
  while (true) {
    std::size_t flat = 0;
    for (std::size_t axis = 0; axis < kMaxRank; ++axis) {
      flat += static_cast<std::size_t>(cell[axis]) * pitch[axis];
    }
    visit(flat);
    std::size_t axis = kMaxRank;
    while (axis-- > 0 && ++cell[axis] > high[axis]) {
      cell[axis] = low[axis];
    }
    if (axis == static_cast<std::size_t>(-1)) {
      return;
    }
  }
}

void TimelineIndex::build(OperatorId op, Grid& grid) const {
  const Shape& shape = graph_.workload().at(graph_.workload().at(op).output).shape;
  std::vector<Region> regions;
  regions.reserve(last(op) - first(op));
  for (std::uint32_t job = first(op); job < last(op); ++job) {
    regions.push_back(output_region(job));
  }
  std::size_t cells = 1;
  for (std::size_t axis = 0; axis < kMaxRank; ++axis) {
    auto& cell_of = grid.cell_of[axis];
    cell_of.assign(shape.extent[axis] + 1, 0);
    for (const Region& region : regions) {
      cell_of[region.axis[axis].begin] = 1;
      cell_of[region.axis[axis].end] = 1;
    }
    cell_of.pop_back();  // the border at the end of the tensor opens no cell
    cell_of[0] = 0;
    std::partial_sum(cell_of.begin(), cell_of.end(), cell_of.begin());
    cells *= static_cast<std::size_t>(cell_of.back()) + 1;
  }
  grid.begin.assign(cells + 1, 0);
  for (const Region& region : regions) {
    for_each_cell(grid, region, [&](std::size_t cell) { ++grid.begin[cell + 1]; });
  }
  for (std::size_t cell = 0; cell < cells; ++cell) {
    grid.begin[cell + 1] += grid.begin[cell];
  }
  grid.jobs.resize(grid.begin.back());
  std::vector<std::uint32_t> fill(grid.begin.begin(), grid.begin.end() - 1);
  for (std::uint32_t i = 0; i < regions.size(); ++i) {
    for_each_cell(grid, regions[i],
                  [&](std::size_t cell) { grid.jobs[fill[cell]++] = first(op) + i; });
  }
  grid.built = true;
}

void TimelineIndex::find(OperatorId producer, const Region& region,
                         std::vector<std::uint32_t>& out) {
  out.clear();
  if (region.empty() || first(producer) == last(producer)) {
    return;
  }
  Grid& grid = grids_[producer];
  if (!grid.built) {
    build(producer, grid);
  }
  ++query_;
  for_each_cell(grid, region, [&](std::size_t cell) {
    for (std::uint32_t i = grid.begin[cell]; i < grid.begin[cell + 1]; ++i) {
      const std::uint32_t job = grid.jobs[i];
      if (seen_[job] != query_) {
        seen_[job] = query_;
        out.push_back(job);
      }
    }
  });
}

}  // namespace imbrex::run
