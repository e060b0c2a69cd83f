#include "run/cell_grid.hpp"

#include <algorithm>

namespace imbrex::run {
namespace {

// Sorted, each once.
void merge_into(std::vector<std::int64_t>& cuts, std::vector<std::int64_t>& others) {
  cuts.insert(cuts.end(), others.begin(), others.end());
  others.clear();
  std::sort(cuts.begin(), cuts.end());
  cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
}

}  // namespace

// Regions come in the order of loops, so that their borders mostly are known, or the last ones.
// What servers that take turns leave between is gathered, because inserting it would move all
// behind it.
void CellGrid::insert(std::size_t axis, std::int64_t at) {
  std::vector<std::int64_t>& cuts = cuts_[axis];
  if (cuts.empty() || cuts.back() < at) {
    cuts.push_back(at);
  } else if (!std::binary_search(cuts.begin(), cuts.end(), at)) {
    between_[axis].push_back(at);
    if (between_[axis].size() > cuts.size()) {
      merge_into(cuts, between_[axis]);
    }
  }
}

void CellGrid::finish() {
  for (std::size_t axis = 0; axis < rank_; ++axis) {
    if (!between_[axis].empty()) {
      merge_into(cuts_[axis], between_[axis]);
    }
  }
}

void CellGrid::cut(const Region& region) {
  rank_ = region.rank;
  for (std::size_t axis = 0; axis < rank_; ++axis) {
    insert(axis, region.axis[axis].begin);
    insert(axis, region.axis[axis].end);
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
