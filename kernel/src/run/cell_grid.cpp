#include "run/cell_grid.hpp"

#include <algorithm>

namespace imbrex::run {
namespace {

// Regions come in the order of loops, so that their borders mostly are known, or the last ones.
void insert(std::vector<std::int64_t>& cuts, std::int64_t at) {
  if (cuts.empty() || cuts.back() < at) {
    cuts.push_back(at);
    return;
  }
  const auto place = std::lower_bound(cuts.begin(), cuts.end(), at);
  if (*place != at) {
    cuts.insert(place, at);
  }
}

}  // namespace

void CellGrid::cut(const Region& region) {
  rank_ = region.rank;
  for (std::size_t axis = 0; axis < rank_; ++axis) {
    insert(cuts_[axis], region.axis[axis].begin);
    insert(cuts_[axis], region.axis[axis].end);
  }
}

std::size_t CellGrid::size() const noexcept {
  std::size_t cells = 1;
  for (std::size_t axis = 0; axis < rank_; ++axis) {
    cells *= cuts_[axis].size() - 1;
  }
  return cells;
}

std::size_t CellGrid::cell_of(std::size_t axis, std::int64_t at) const noexcept {
  const std::vector<std::int64_t>& cuts = cuts_[axis];
  const std::int64_t width = cuts[1] - cuts[0];
  // Nearly all grids are even.
  const auto guess = static_cast<std::size_t>(std::max<std::int64_t>(at - cuts[0], 0) / width);
  if (guess + 1 < cuts.size() && cuts[guess] <= at && at < cuts[guess + 1]) {
    return guess;
  }
  const auto behind = std::upper_bound(cuts.begin(), cuts.end() - 1, at);
  return behind == cuts.begin() ? 0 : static_cast<std::size_t>(behind - cuts.begin()) - 1;
}

CellGrid::Cells CellGrid::cells_of(const Region& region) const noexcept {
  Cells cells;
  for (std::size_t axis = 0; axis < rank_; ++axis) {
    cells.low[axis] = cell_of(axis, region.axis[axis].begin);
    cells.high[axis] = cell_of(axis, region.axis[axis].end - 1);
  }
  return cells;
}

}  // namespace imbrex::run
