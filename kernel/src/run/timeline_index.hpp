// Which jobs of a finished timeline wrote a region of an operator's output.
#pragma once

#include "run/cell_grid.hpp"

#include <imbrex/values/design.hpp>
#include <imbrex/values/work_graph.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace imbrex::run {

// Jobs are named by their position in `Timeline::jobs`. Grids are built when an operator is first
// asked for, because a critical path touches only some. [one thread]
class TimelineIndex {
 public:
  // Keeps references to both.
  TimelineIndex(const WorkGraph& graph, const Timeline& timeline);

  // O(1) for the run that was asked about last, or the one behind it; O(log runs).
  TimedJob at(std::uint32_t job) const noexcept;
  // Positions [first, last) of the jobs of an operator.
  std::uint32_t first(OperatorId op) const noexcept { return first_[index(op)]; }
  std::uint32_t last(OperatorId op) const noexcept { return first_[index(op) + 1]; }
  Job job(std::uint32_t job) const noexcept;
  DimBox box(std::uint32_t job) const noexcept { return this->job(job).box; }
  Region output_region(std::uint32_t job) const noexcept;
  // Jobs of an operator, ascending, without those whose region an earlier one writes as well, on
  // another server and at the same times.
  std::vector<std::uint32_t> writers(OperatorId op) const;
  // Replaces `out` by the writers of `producer` whose output meets `region`, each once, in no
  // particular order. O(cells hit + log cells).
  void find(OperatorId producer, const Region& region, std::vector<std::uint32_t>& out);

 private:
  // The output cut at every border of every job: a cell belongs to a fixed set of jobs.
  struct Grid {
    bool built = false;
    CellGrid cells;
    std::vector<std::uint32_t> begin;   // cell -> its writers in `places`
    std::vector<std::uint32_t> places;  // in `jobs`
    std::vector<std::uint32_t> jobs;    // the writers
    std::vector<std::uint32_t> seen;    // writer -> number of the query that met it last
  };
  void build(OperatorId op, Grid& grid) const;

  const WorkGraph& graph_;
  const Timeline& timeline_;
  std::vector<std::uint32_t> first_;
  IndexVector<OperatorId, Grid> grids_;
  std::uint32_t query_ = 0;
  mutable std::size_t run_ = 0;  // asked about last
};

}  // namespace imbrex::run
