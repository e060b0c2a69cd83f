// Least words along one coordinate of a tensor, for all tiles of its two dimensions, whatever loops
// stand outside them. [any thread]
#pragma once

#include "optimum/lattice.hpp"

#include <imbrex/toolkit/nests/problem.hpp>

#include <array>
#include <vector>

namespace imbrex::optimum {

// Are the tiles of the coordinate few enough to look at their points one by one?
bool can_be_walked(const nests::Rank& rank, const LoopBounds& bounds) noexcept;

// Of one tile.
struct RankSum {
  double all = 0;  // points of the tiles at all places, each for itself
  // Points that are new if the innermost loop outside the tile moves it along the first or second
  // dimension of the coordinate: every iteration of that loop but its first goes on from a place
  // beside, and where the other dimension has no loops outside, so does every one.
  std::array<double, 2> fresh{};
};

class RankSums {
 public:
  // `existing`: points beyond the tensor are not counted; `boxes`: holes are, as Timeloop does.
  RankSums(const nests::Rank& rank, const Lattice& lattice, bool existing, bool boxes);

  const RankSum& of(const Tile& tile) const noexcept {
    return sums_[tile[dim_[0]] * count_ + (two_ ? tile[dim_[1]] : 0)];
  }
  double points() const noexcept { return points_; }  // that are touched at all

 private:
  std::array<std::size_t, 2> dim_;
  bool two_;
  std::size_t count_ = 1;  // of divisors of the second dimension
  double points_ = 0;
  std::vector<RankSum> sums_;
};

}  // namespace imbrex::optimum
