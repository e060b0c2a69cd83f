#include "optimum/rank_sums.hpp"

#include "optimum/tile_places.hpp"

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

}  // namespace

bool can_be_walked(const nests::Rank& rank, const LoopBounds& bounds) noexcept {
  const std::int64_t first = bounds.bound[rank.dim[0]];
  const std::int64_t second = rank.factor[1] > 0 ? bounds.bound[rank.dim[1]] : 1;
  return rank.divisor == 1 && first * second <= kMostPlaces &&
         rank.factor[0] * first + rank.factor[1] * second <= kMostPoints;
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
