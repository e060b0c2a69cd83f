#include "optimum/rank_sums.hpp"

#include <imbrex/toolkit/nests/point_sets.hpp>

#include <algorithm>
#include <bit>

namespace imbrex::optimum {
namespace {

// More places than this are not looked at one by one: the sums are then nothing but admissible.
constexpr std::int64_t kMostPlaces = 1 << 14;
constexpr std::int64_t kMostPoints = 1 << 12;
constexpr std::int64_t kMostPairs = 512;  // along one dimension

struct Side {
  std::int64_t bound = 1;
  std::int64_t extent = 1;  // of the tile
  std::int64_t factor = 0;
  std::int64_t places() const noexcept { return bound / extent; }
};

using Points = std::vector<std::uint64_t>;  // a bit each

std::int64_t size_of(const Points& points) {
  std::int64_t size = 0;
  for (const std::uint64_t word : points) {
    size += std::popcount(word);
  }
  return size;
}
std::int64_t less(const Points& one, const Points& other) {
  std::int64_t size = 0;
  for (std::size_t w = 0; w < one.size(); ++w) {
    size += std::popcount(one[w] & ~other[w]);
  }
  return size;
}

// All tiles of one shape.
class Places {
 public:
  Places(const std::array<Side, 2>& side, const nests::Rank& rank, bool existing, bool boxes)
      : side_(side), rank_(rank), existing_(existing), boxes_(boxes) {
    const nests::Progression first{side[0].factor, side[0].extent};
    const nests::Progression second{side[1].factor, side[1].extent};
    has_holes_ = !boxes && nests::distinct_sums(first, second) < nests::hull(first, second);
    reach_ = side[0].factor * (side[0].bound - 1) + side[1].factor * (side[1].bound - 1) + 1;
    for (std::int64_t i = 0; i < side[0].places(); ++i) {
      for (std::int64_t j = 0; j < side[1].places(); ++j) {
        tiles_.push_back(points(i, j));
      }
    }
  }

  double all() const {
    std::int64_t sum = 0;
    for (const Points& tile : tiles_) {
      sum += size_of(tile);
    }
    return static_cast<double>(sum);
  }
  double touched() const {
    Points any(tiles_.front().size(), 0);
    for (const Points& tile : tiles_) {
      for (std::size_t w = 0; w < any.size(); ++w) {
        any[w] |= tile[w];
      }
    }
    return static_cast<double>(size_of(any));
  }

  // By loops of dimension `s`.
  double fresh(std::size_t s) const {
    const std::int64_t count = side_[s].places();
    const std::int64_t others = side_[1 - s].places();
    std::vector<std::int64_t> least(static_cast<std::size_t>(count), 0);
    for (std::int64_t o = 0; o < others; ++o) {
      for (std::int64_t i = 0; i < count; ++i) {
        least[static_cast<std::size_t>(i)] += least_fresh(s, i, o);
      }
    }
    return static_cast<double>(others == 1 ? sum(least, count, 1) : least_sum(least));
  }

 private:
  Points points(std::int64_t i, std::int64_t j) const {
    Points points(static_cast<std::size_t>(reach_ + 63) / 64, 0);
    const std::int64_t base =
        side_[0].factor * side_[0].extent * i + side_[1].factor * side_[1].extent * j;
    const std::int64_t last =
        side_[0].factor * (side_[0].extent - 1) + side_[1].factor * (side_[1].extent - 1);
    const auto set = [&](std::int64_t at) {
      const std::int64_t x = rank_.offset + at;
      if (!existing_ || rank_.extent == 0 || (x >= 0 && x < rank_.extent)) {
        points[static_cast<std::size_t>(at) / 64] |= std::uint64_t{1} << (at % 64);
      }
    };
    for (std::int64_t a = 0; boxes_ && a <= last; ++a) {
      set(base + a);
    }
    for (std::int64_t a = 0; !boxes_ && a < side_[0].extent; ++a) {
      for (std::int64_t b = 0; b < side_[1].extent; ++b) {
        set(base + side_[0].factor * a + side_[1].factor * b);
      }
    }
    return points;
  }

  const Points& at(std::size_t s, std::int64_t i, std::int64_t other) const {
    const std::int64_t first = s == 0 ? i : other;
    const std::int64_t second = s == 0 ? other : i;
    return tiles_[static_cast<std::size_t>(first * side_[1].places() + second)];
  }

  // Points that the tile has and another one at the same place of the other dimension lacks: one
  // beside it has most of them, where tiles have no holes.
  std::int64_t least_fresh(std::size_t s, std::int64_t i, std::int64_t other) const {
    std::int64_t least = INT64_MAX;
    const std::int64_t count = side_[s].places();
    const std::int64_t far = !has_holes_ ? 1 : count <= kMostPairs ? count : 0;
    const std::int64_t end = std::min(side_[s].places(), i + far + 1);
    for (std::int64_t before = std::max<std::int64_t>(0, i - far); before < end; ++before) {
      if (before != i) {
        least = std::min(least, less(at(s, i, other), at(s, before, other)));
      }
    }
    return least == INT64_MAX ? 0 : least;
  }

  // But for those where a loop of bound `bound` that goes on every `unit` tiles is at its start.
  static std::int64_t sum(const std::vector<std::int64_t>& least, std::int64_t unit,
                          std::int64_t bound) {
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < least.size(); ++i) {
      const bool starts = bound > 1 && static_cast<std::int64_t>(i) / unit % bound == 0;
      sum += starts ? 0 : least[i];
    }
    return sum;
  }
  static std::int64_t least_sum(const std::vector<std::int64_t>& least) {
    const auto count = static_cast<std::int64_t>(least.size());
    std::int64_t found = INT64_MAX;
    for (std::int64_t unit = 1; unit < count; ++unit) {
      for (std::int64_t bound = 2; unit * bound <= count; ++bound) {
        found = count % (unit * bound) == 0 ? std::min(found, sum(least, unit, bound)) : found;
      }
    }
    return found == INT64_MAX ? 0 : found;
  }

  std::array<Side, 2> side_;
  const nests::Rank& rank_;
  bool existing_;
  bool boxes_;
  std::int64_t reach_ = 1;
  bool has_holes_ = false;
  std::vector<Points> tiles_;
};

// A plain coordinate, or one of which too much would have to be looked at.
RankSum closed(const std::array<Side, 2>& side, const nests::Rank& rank, bool boxes) {
  if (rank.factor[1] == 0 && rank.divisor == 1 && rank.extent == 0) {
    const std::int64_t points = boxes ? side[0].factor * (side[0].extent - 1) + 1 : side[0].extent;
    const auto all = static_cast<double>(points * side[0].places());
    return {all, {all, 0}};
  }
  return {};
}

}  // namespace

RankSums::RankSums(const nests::Rank& rank, const Lattice& lattice, bool existing, bool boxes)
    : dim_(rank.dim), two_(rank.factor[1] > 0) {
  const std::int64_t second = two_ ? lattice.bound(dim_[1]) : 1;
  const std::int64_t places = lattice.bound(dim_[0]) * second;
  const bool is_plain = !two_ && rank.divisor == 1 && rank.extent == 0;
  const std::int64_t reach = rank.factor[0] * lattice.bound(dim_[0]) + rank.factor[1] * second;
  const bool looks =
      !is_plain && rank.divisor == 1 && places <= kMostPlaces && reach <= kMostPoints;
  count_ = two_ ? lattice.count(dim_[1]) : 1;
  for (std::size_t i = 0; i < lattice.count(dim_[0]); ++i) {
    for (std::size_t j = 0; j < count_; ++j) {
      const std::array<Side, 2> side{
          Side{lattice.bound(dim_[0]), lattice.divisor(dim_[0], i), rank.factor[0]},
          Side{second, two_ ? lattice.divisor(dim_[1], j) : 1, rank.factor[1]}};
      if (!looks) {
        sums_.push_back(closed(side, rank, boxes));
        continue;
      }
      const Places all(side, rank, existing, boxes);
      sums_.push_back({all.all(), {all.fresh(0), two_ ? all.fresh(1) : 0}});
    }
  }
  if (is_plain) {
    points_ = static_cast<double>(lattice.bound(dim_[0]));
  } else if (looks) {
    const std::array<Side, 2> side{Side{lattice.bound(dim_[0]), 1, rank.factor[0]},
                                   Side{second, 1, rank.factor[1]}};
    points_ = Places(side, rank, existing, false).touched();
  }
}

}  // namespace imbrex::optimum
