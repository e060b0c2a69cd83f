// The distinct regions of an operator's output that its jobs write, and when each is first there.
#pragma once

#include "run/cell_grid.hpp"
#include "run/timeline_index.hpp"

#include <cstdint>
#include <vector>

namespace imbrex::run {

// Jobs that add to the same box are one box here, of which an operator has often many times fewer
// than jobs. [one thread]
class OutputBoxes {
 public:
  // Boxes are numbered from 0 up; some numbers may stand for no box.
  OutputBoxes(const TimelineIndex& jobs, OperatorId op);

  std::size_t size() const noexcept { return first_end_ps_.size(); }
  // When the first of the jobs that write a box ends: from then on it takes space.
  std::int64_t first_end_ps(std::uint32_t box) const noexcept { return first_end_ps_[box]; }
  // Calls visit(number, part of the region inside the box) for each box that meets the region.
  template <class Visit>
  void for_each(const Region& region, Visit visit);
  // False for a box that begins where another one does that is there no later: it opens no space.
  bool opens_space(std::uint32_t box) const noexcept { return regions_.empty() || opens_[box]; }

 private:
  static constexpr std::int64_t kNever = INT64_MAX;

  using Writers = std::vector<std::uint32_t>;
  bool add_cells(const TimelineIndex& jobs, const Writers& writers);
  void add_regions(const TimelineIndex& jobs, const Writers& writers);
  void find_openers();

  CellGrid grid_;
  std::vector<std::int64_t> first_end_ps_;
  // Only where boxes overlap: their regions, and the boxes of every cell. Elsewhere boxes are
  // cells.
  std::vector<Region> regions_;
  std::vector<bool> opens_;
  std::vector<std::vector<std::uint32_t>> boxes_of_cell_;
  std::vector<std::uint32_t> seen_;  // box -> number of the question that met it last
  std::uint32_t question_ = 0;
};

template <class Visit>
void OutputBoxes::for_each(const Region& region, Visit visit) {
  if (region.empty() || size() == 0) {
    return;
  }
  ++question_;
  grid_.for_each(grid_.cells_of(region), [&](std::size_t cell, const auto& at) {
    if (regions_.empty()) {
      Region part = region;
      for (std::size_t axis = 0; axis < region.rank; ++axis) {
        part.axis[axis] = region.axis[axis].intersect(grid_.interval(axis, at[axis]));
      }
      if (first_end_ps_[cell] != kNever && !part.empty()) {
        visit(static_cast<std::uint32_t>(cell), part);
      }
      return;
    }
    for (const std::uint32_t box : boxes_of_cell_[cell]) {
      if (seen_[box] != question_) {
        seen_[box] = question_;
        visit(box, region.intersect(regions_[box]));
      }
    }
  });
}

}  // namespace imbrex::run
