// Where the borders of some regions cut the axes of a tensor: a grid of cells.
#pragma once

#include <imbrex/values/region.hpp>

#include <array>
#include <cstdint>
#include <vector>

namespace imbrex::run {

// [one thread]
class CellGrid {
 public:
  // First and last cell per axis.
  struct Cells {
    std::array<std::size_t, kMaxRank> low{};
    std::array<std::size_t, kMaxRank> high{};
  };

  // Adds the borders of a region that is not empty. Amortised O(log cuts).
  void cut(const Region& region);
  // After the last cut, before anything else.
  void finish();
  std::size_t size() const noexcept;
  // Precondition: the region is not empty. O(log cuts).
  Cells cells_of(const Region& region) const noexcept;
  // Borders of a cell along an axis.
  Interval interval(std::size_t axis, std::size_t cell) const noexcept {
    return {cuts_[axis][cell], cuts_[axis][cell + 1]};
  }
  // Calls visit(number of the cell, its place per axis) for all cells, the last axis fastest.
  template <class Visit>
  void for_each(const Cells& cells, Visit visit) const;

 private:
  void insert(std::size_t axis, std::int64_t at);
  std::size_t cell_of(std::size_t axis, std::int64_t at) const noexcept;

  std::size_t rank_ = 0;
  std::array<std::vector<std::int64_t>, kMaxRank> cuts_;     // ascending
  std::array<std::vector<std::int64_t>, kMaxRank> between_;  // to be put among them
};

template <class Visit>
void CellGrid::for_each(const Cells& cells, Visit visit) const {
  std::array<std::size_t, kMaxRank> at = cells.low;
  while (true) {
    std::size_t number = 0;
    for (std::size_t axis = 0; axis < rank_; ++axis) {
      number = number * (cuts_[axis].size() - 1) + at[axis];
    }
    visit(number, at);
    std::size_t axis = rank_;
    while (axis > 0 && ++at[axis - 1] > cells.high[axis - 1]) {
      at[axis - 1] = cells.low[axis - 1];
      --axis;
    }
    if (axis == 0) {
      return;
    }
  }
}

}  // namespace imbrex::run
