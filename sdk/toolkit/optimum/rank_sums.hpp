// Least words along one coordinate of a tensor, for all tiles of its two dimensions, whatever loops
// stand outside them. [any thread]
#pragma once

#include "optimum/lattice.hpp"
#include "optimum/tile_places.hpp"

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
  // What is new if the innermost loop outside the tile is one of the dimension: every iteration
  // covers `unit` tiles, of which there are `bound`, both as places of divisors. `is_only`: no
  // other temporal loop outside moves the dimension. At least `RankSum::fresh`, or 0: not known.
  // O(1).
  double fresh(const Tile& tile, std::size_t dim, std::size_t unit, std::size_t bound,
               bool is_only) const noexcept {
    const std::size_t s = dim == dim_[0] ? 0 : 1;
    const std::vector<double>& sums = by_loop_[is_only ? 1 : 0][s];
    const std::size_t divisors = divisors_[s];
    const std::size_t at = tile[dim_[0]] * count_ + (two_ ? tile[dim_[1]] : 0);
    return sums.empty() ? 0 : sums[(at * divisors + unit) * divisors + bound];
  }

 private:
  void add_by_loops(const TilePlaces& tiles, const std::array<TileSide, 2>& side,
                    const Lattice& lattice);

  std::array<std::size_t, 2> dim_;
  bool two_;
  std::size_t count_ = 1;  // of divisors of the second dimension
  double points_ = 0;
  std::vector<RankSum> sums_;
  // By tile, unit and bound, of loops of the first and second dimension: at starts only what is
  // fresh; all where tiles have left everything then.
  std::array<std::array<std::vector<double>, 2>, 2> by_loop_;
  std::array<std::size_t, 2> divisors_{1, 1};
};

}  // namespace imbrex::optimum
