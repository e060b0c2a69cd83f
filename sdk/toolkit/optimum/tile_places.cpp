#include "optimum/tile_places.hpp"

#include <imbrex/toolkit/nests/point_sets.hpp>

#include <algorithm>
#include <bit>

namespace imbrex::optimum {
namespace {

constexpr std::int64_t kMostPairs = 512;  // along one dimension

std::int64_t size_of(const std::vector<std::uint64_t>& points) {
  std::int64_t size = 0;
  for (const std::uint64_t word : points) {
    size += std::popcount(word);
  }
  return size;
}
std::int64_t less(const std::vector<std::uint64_t>& one, const std::vector<std::uint64_t>& other) {
  std::int64_t size = 0;
  for (std::size_t w = 0; w < one.size(); ++w) {
    size += std::popcount(one[w] & ~other[w]);
  }
  return size;
}

}  // namespace

TilePlaces::TilePlaces(const std::array<TileSide, 2>& side, const nests::Rank& rank, bool existing,
                       bool boxes)
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

double TilePlaces::all() const {
  std::int64_t sum = 0;
  for (const Points& tile : tiles_) {
    sum += size_of(tile);
  }
  return static_cast<double>(sum);
}

double TilePlaces::touched() const {
  Points any(tiles_.front().size(), 0);
  for (const Points& tile : tiles_) {
    for (std::size_t w = 0; w < any.size(); ++w) {
      any[w] |= tile[w];
    }
  }
  return static_cast<double>(size_of(any));
}

std::vector<std::int64_t> TilePlaces::all(std::size_t s) const {
  std::vector<std::int64_t> all(static_cast<std::size_t>(side_[s].places()), 0);
  for (std::int64_t other = 0; other < side_[1 - s].places(); ++other) {
    for (std::int64_t i = 0; i < side_[s].places(); ++i) {
      all[static_cast<std::size_t>(i)] += size_of(at(s, i, other));
    }
  }
  return all;
}

std::vector<std::int64_t> TilePlaces::fresh(std::size_t s) const {
  const std::int64_t count = side_[s].places();
  std::vector<std::int64_t> least(static_cast<std::size_t>(count), 0);
  for (std::int64_t other = 0; other < side_[1 - s].places(); ++other) {
    for (std::int64_t i = 0; i < count; ++i) {
      least[static_cast<std::size_t>(i)] += least_fresh(s, i, other);
    }
  }
  return least;
}

TilePlaces::Points TilePlaces::points(std::int64_t i, std::int64_t j) const {
  Points points(static_cast<std::size_t>(reach_ + 63) / 64, 0);
  const std::array<std::int64_t, 2> from{side_[0].extent * i, side_[1].extent * j};
  std::array<std::int64_t, 2> count;
  for (std::size_t s = 0; s < count.size(); ++s) {
    count[s] = std::min(side_[s].extent, side_[s].bound - from[s]);
  }
  const std::int64_t base = side_[0].factor * from[0] + side_[1].factor * from[1];
  const std::int64_t last = side_[0].factor * (count[0] - 1) + side_[1].factor * (count[1] - 1);
  const auto set = [&](std::int64_t at) {
    const std::int64_t x = rank_.offset + at;
    if (!existing_ || rank_.extent == 0 || (x >= 0 && x < rank_.extent)) {
      points[static_cast<std::size_t>(at) / 64] |= std::uint64_t{1} << (at % 64);
    }
  };
  for (std::int64_t a = 0; boxes_ && a <= last; ++a) {
    set(base + a);
  }
  for (std::int64_t a = 0; !boxes_ && a < count[0]; ++a) {
    for (std::int64_t b = 0; b < count[1]; ++b) {
      set(base + side_[0].factor * a + side_[1].factor * b);
    }
  }
  return points;
}

const TilePlaces::Points& TilePlaces::at(std::size_t s, std::int64_t i, std::int64_t other) const {
  const std::int64_t first = s == 0 ? i : other;
  const std::int64_t second = s == 0 ? other : i;
  return tiles_[static_cast<std::size_t>(first * side_[1].places() + second)];
}

// Points that the tile has and another one at the same place of the other dimension lacks: one
// beside it has most of them, where tiles have no holes.
std::int64_t TilePlaces::least_fresh(std::size_t s, std::int64_t i, std::int64_t other) const {
  std::int64_t least = INT64_MAX;
  const std::int64_t count = side_[s].places();
  const std::int64_t far = !has_holes_ ? 1 : count <= kMostPairs ? count : 0;
  const std::int64_t end = std::min(count, i + far + 1);
  for (std::int64_t before = std::max<std::int64_t>(0, i - far); before < end; ++before) {
    if (before != i) {
      least = std::min(least, less(at(s, i, other), at(s, before, other)));
    }
  }
  return least == INT64_MAX ? 0 : least;
}

std::int64_t sum_by_loop(const std::vector<std::int64_t>& fresh,
                         const std::vector<std::int64_t>& at_start, std::int64_t unit,
                         std::int64_t bound) {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < fresh.size(); ++i) {
    sum += static_cast<std::int64_t>(i) / unit % bound == 0 ? at_start[i] : fresh[i];
  }
  return sum;
}

std::int64_t least_going_on(const std::vector<std::int64_t>& fresh, bool divides) {
  const auto count = static_cast<std::int64_t>(fresh.size());
  const std::vector<std::int64_t> nothing(fresh.size(), 0);
  std::int64_t found = INT64_MAX;
  for (std::int64_t unit = 1; unit < count; ++unit) {
    for (std::int64_t bound = 2; unit * (bound - 1) < count; ++bound) {
      if (!divides || count % (unit * bound) == 0) {
        found = std::min(found, sum_by_loop(fresh, nothing, unit, bound));
      }
    }
  }
  return found == INT64_MAX ? 0 : found;
}

}  // namespace imbrex::optimum
