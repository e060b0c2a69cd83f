// The tiles of one shape along one coordinate of a tensor, place by place: which points each has,
// and what it lacks of the others. The last ones end where their dimensions do. [any thread]
#pragma once

#include <imbrex/toolkit/nests/problem.hpp>

#include <array>
#include <cstdint>
#include <vector>

namespace imbrex::optimum {

// One of the two dimensions of a coordinate.
struct TileSide {
  std::int64_t bound = 1;
  std::int64_t extent = 1;  // of the tile
  std::int64_t factor = 0;
  std::int64_t places() const noexcept { return (bound + extent - 1) / extent; }
};

class TilePlaces {
 public:
  // `existing`: points beyond the tensor are not counted; `boxes`: holes are, as Timeloop does.
  // O(points of all tiles).
  TilePlaces(const std::array<TileSide, 2>& side, const nests::Rank& rank, bool existing,
             bool boxes);

  double all() const;      // points of the tiles, each for itself
  double touched() const;  // by any of them

  // Points of the tiles, per place of dimension `s`.
  std::vector<std::int64_t> all(std::size_t s) const;
  // Points that the tiles lack of any other at another place of dimension `s`, per place of that.
  std::vector<std::int64_t> fresh(std::size_t s) const;

 private:
  using Points = std::vector<std::uint64_t>;  // a bit each

  Points points(std::int64_t i, std::int64_t j) const;
  const Points& at(std::size_t s, std::int64_t i, std::int64_t other) const;
  std::int64_t least_fresh(std::size_t s, std::int64_t i, std::int64_t other) const;

  std::array<TileSide, 2> side_;
  const nests::Rank& rank_;
  bool existing_;
  bool boxes_;
  std::int64_t reach_ = 1;
  bool has_holes_ = false;
  std::vector<Points> tiles_;
};

// The sum over places of what is new there: `fresh`, and `at_start` where a loop of bound `bound`
// that goes on every `unit` tiles is at its start. O(n).
std::int64_t sum_by_loop(const std::vector<std::int64_t>& fresh,
                         const std::vector<std::int64_t>& at_start, std::int64_t unit,
                         std::int64_t bound);

// The least sum over places but for those where a loop is at its start that goes on every so many
// tiles, whatever loop. `divides`: only loops that the number of places is a multiple of.
// O(n^2 log n).
std::int64_t least_going_on(const std::vector<std::int64_t>& fresh, bool divides);

}  // namespace imbrex::optimum
