#include "optimum/rank_sums.hpp"

#include <numeric>

namespace imbrex::optimum {
namespace {

// More places than this are not looked at one by one: the sums are then nothing but admissible.
constexpr std::int64_t kMostPlaces = 1 << 14;
constexpr std::int64_t kMostPoints = 1 << 12;

// By loops of dimension `s`.
double fresh_by(const TilePlaces& tiles, const std::array<TileSide, 2>& side, std::size_t s) {
  const std::vector<std::int64_t> fresh = tiles.fresh(s);
  return static_cast<double>(side[1 - s].places() == 1
                                 ? std::accumulate(fresh.begin(), fresh.end(), std::int64_t{0})
                                 : least_going_on(fresh, true));
}

// A plain coordinate, or one of which too much would have to be looked at.
RankSum closed(const std::array<TileSide, 2>& side, const nests::Rank& rank, bool boxes) {
  if (rank.factor[1] == 0 && rank.divisor == 1 && rank.extent == 0) {
    const std::int64_t points = boxes ? side[0].factor * (side[0].extent - 1) + 1 : side[0].extent;
    const auto all = static_cast<double>(points * side[0].places());
    return {all, {all, 0}};
  }
  return {};
}

// Has the tile moved by more than it reaches when the loop begins anew, wherever the other
// dimension has gone meanwhile?
bool leaves_all(const std::array<TileSide, 2>& side, std::size_t s, std::int64_t way) noexcept {
  const TileSide& other = side[1 - s];
  const std::int64_t reach =
      side[0].factor * (side[0].extent - 1) + side[1].factor * (side[1].extent - 1);
  return side[s].factor * side[s].extent * way - other.factor * (other.bound - other.extent) >
         reach;
}

}  // namespace

bool can_be_walked(const nests::Rank& rank, const LoopBounds& bounds) noexcept {
  const std::int64_t first = bounds.bound[rank.dim[0]];
  const std::int64_t second = rank.factor[1] > 0 ? bounds.bound[rank.dim[1]] : 1;
  return rank.divisor == 1 && first * second <= kMostPlaces &&
         rank.factor[0] * first + rank.factor[1] * second <= kMostPoints;
}

// Of the tile that comes next.
void RankSums::add_by_loops(const TilePlaces& tiles, const std::array<TileSide, 2>& side,
                            const Lattice& lattice) {
  for (std::size_t s = 0; s < (two_ ? 2 : 1); ++s) {
    const std::vector<std::int64_t> fresh = tiles.fresh(s);
    const std::vector<std::int64_t> all = tiles.all(s);
    const std::vector<std::int64_t> nothing(fresh.size(), 0);
    // If the other dimension has no loops outside, two in a row always differ in this one.
    const std::vector<std::int64_t>& surely = side[1 - s].places() == 1 ? fresh : nothing;
    for (std::size_t u = 0; u < divisors_[s]; ++u) {
      for (std::size_t b = 0; b < divisors_[s]; ++b) {
        const std::int64_t unit = lattice.divisor(dim_[s], u);
        const std::int64_t bound = lattice.divisor(dim_[s], b);
        const bool is_loop = bound > 1 && side[s].places() % (unit * bound) == 0;
        const auto sum = [&](const std::vector<std::int64_t>& at_start) {
          return is_loop ? static_cast<double>(sum_by_loop(fresh, at_start, unit, bound)) : 0;
        };
        by_loop_[0][s].push_back(sum(surely));
        by_loop_[1][s].push_back(sum(leaves_all(side, s, unit * (bound - 1)) ? all : surely));
      }
    }
  }
}

RankSums::RankSums(const nests::Rank& rank, const Lattice& lattice, bool existing, bool boxes)
    : dim_(rank.dim), two_(rank.factor[1] > 0) {
  LoopBounds bounds;
  for (std::size_t d = 0; d < kDimCount; ++d) {
    bounds.bound[d] = lattice.bound(d);
  }
  const std::int64_t second = two_ ? lattice.bound(dim_[1]) : 1;
  const bool is_plain = !two_ && rank.divisor == 1 && rank.extent == 0;
  const bool looks = !is_plain && can_be_walked(rank, bounds);
  count_ = two_ ? lattice.count(dim_[1]) : 1;
  divisors_ = {lattice.count(dim_[0]), count_};
  for (std::size_t i = 0; i < lattice.count(dim_[0]); ++i) {
    for (std::size_t j = 0; j < count_; ++j) {
      const std::array<TileSide, 2> side{
          TileSide{lattice.bound(dim_[0]), lattice.divisor(dim_[0], i), rank.factor[0]},
          TileSide{second, two_ ? lattice.divisor(dim_[1], j) : 1, rank.factor[1]}};
      if (!looks) {
        sums_.push_back(closed(side, rank, boxes));
        continue;
      }
      const TilePlaces tiles(side, rank, existing, boxes);
      sums_.push_back(
          {tiles.all(), {fresh_by(tiles, side, 0), two_ ? fresh_by(tiles, side, 1) : 0}});
      add_by_loops(tiles, side, lattice);
    }
  }
  if (is_plain) {
    points_ = static_cast<double>(lattice.bound(dim_[0]));
  } else if (looks) {
    const std::array<TileSide, 2> side{TileSide{lattice.bound(dim_[0]), 1, rank.factor[0]},
                                       TileSide{second, 1, rank.factor[1]}};
    points_ = TilePlaces(side, rank, existing, false).touched();
  }
}

}  // namespace imbrex::optimum
