#include "optimum/uneven_volumes.hpp"

#include "optimum/rank_sums.hpp"
#include "optimum/tile_places.hpp"

#include <algorithm>
#include <numeric>

namespace imbrex::optimum {
namespace {

AxisLeast least_of(const std::array<TileSide, 2>& side, const nests::Rank& rank) {
  const TilePlaces tiles(side, rank, true, false);
  AxisLeast least;
  least.all = tiles.all();
  for (std::size_t s = 0; s < 2; ++s) {
    const std::vector<std::int64_t> fresh = tiles.fresh(s);
    least.fresh[s] =
        static_cast<double>(std::accumulate(fresh.begin(), fresh.end(), std::int64_t{0}));
    least.going_on[s] = static_cast<double>(least_going_on(fresh, false));
    least.most =
        std::max(least.most, static_cast<double>(*std::max_element(fresh.begin(), fresh.end())));
  }
  return least;
}

void take(const AxisLeast& one, AxisLeast& least) noexcept {
  least.all = std::min(least.all, one.all);
  for (std::size_t s = 0; s < 2; ++s) {
    least.fresh[s] = std::min(least.fresh[s], one.fresh[s]);
    least.going_on[s] = std::min(least.going_on[s], one.going_on[s]);
  }
  least.most = std::max(least.most, one.most);
}

// Of which loop, in tiles of which there are so many, does how much stay?
std::int64_t staying(std::int64_t left, std::int64_t unit) noexcept {
  return left <= unit ? left : std::max<std::int64_t>(0, 2 * unit - left);
}

}  // namespace

ClassVolumes::ClassVolumes(const nests::TensorRanks& tensor, const ClassLattice& lattice)
    : tensor_(tensor), lattice_(lattice), axes_(tensor.count) {
  LoopBounds bounds;
  for (std::size_t d = 0; d < kDimCount; ++d) {
    bounds.bound[d] = lattice.of(d).bound();
  }
  for (std::size_t r = 0; r < tensor.count; ++r) {
    if (!is_plain(r) && can_be_walked(tensor.rank[r], bounds)) {
      look_at(r);
    }
  }
}

bool ClassVolumes::is_plain(std::size_t rank) const noexcept {
  const nests::Rank& given = tensor_.rank[rank];
  return given.factor[1] == 0 && given.divisor == 1 && given.extent == 0;
}

void ClassVolumes::look_at(std::size_t rank) {
  const nests::Rank& given = tensor_.rank[rank];
  const TileClasses one(1);
  const TileClasses& first = lattice_.of(given.dim[0]);
  const TileClasses& second = given.factor[1] > 0 ? lattice_.of(given.dim[1]) : one;
  for (std::size_t i = 0; i < first.size(); ++i) {
    for (std::size_t j = 0; j < second.size(); ++j) {
      std::vector<AxisLeast> members;
      for (std::int64_t a = first[i].least; a <= first[i].most; ++a) {
        for (std::int64_t b = second[j].least; b <= second[j].most; ++b) {
          members.push_back(least_of({TileSide{first.bound(), a, given.factor[0]},
                                      TileSide{second.bound(), b, given.factor[1]}},
                                     given));
        }
      }
      axes_[rank].push_back(members.front());
      for (const AxisLeast& member : members) {
        take(member, axes_[rank].back());
      }
    }
  }
}

const AxisLeast& ClassVolumes::of(std::size_t rank, const ClassTile& tile) const noexcept {
  static constexpr AxisLeast kUnknown;  // too much to look at
  const nests::Rank& given = tensor_.rank[rank];
  const std::size_t second = given.factor[1] > 0 ? lattice_.of(given.dim[1]).size() : 1;
  const std::size_t at = tile[given.dim[0]] * second + (second > 1 ? tile[given.dim[1]] : 0);
  return axes_[rank].empty() ? kUnknown : axes_[rank][at];
}

double ClassVolumes::all(const ClassTile& tile) const noexcept {
  double words = 1;
  for (std::size_t r = 0; r < tensor_.count; ++r) {
    words *= is_plain(r) ? static_cast<double>(lattice_.of(tensor_.rank[r].dim[0]).bound())
                         : of(r, tile).all;
  }
  return words;
}

double ClassVolumes::moved_along(std::size_t rank, const ClassTile& tile, std::size_t dim,
                                 std::int64_t staying) const noexcept {
  const nests::Rank& given = tensor_.rank[rank];
  if (is_plain(rank)) {
    const TileClass& one = lattice_.of(dim)[tile[dim]];
    const auto bound = static_cast<double>(lattice_.of(dim).bound());
    const auto stay = static_cast<double>(staying);
    return staying == 0 ? bound
                        : std::max(0.0, std::min(bound - stay * static_cast<double>(one.most),
                                                 (static_cast<double>(one.tiles) - stay) *
                                                     static_cast<double>(one.least)));
  }
  const AxisLeast& least = of(rank, tile);
  const std::size_t side = given.dim[0] == dim ? 0 : 1;
  const std::size_t other = given.dim[1 - side];
  if (given.factor[1] > 0 && lattice_.tiles(other, tile) > 1) {
    return least.going_on[side];
  }
  return std::max(least.going_on[side],
                  least.fresh[side] - static_cast<double>(staying) * least.most);
}

double ClassVolumes::moved(const ClassTile& tile, std::size_t dim,
                           std::int64_t staying) const noexcept {
  double words = 1;
  const std::size_t along = tensor_.rank_of_dim[dim];
  for (std::size_t r = 0; r < tensor_.count; ++r) {
    words *= r == along    ? moved_along(r, tile, dim, staying)
             : is_plain(r) ? static_cast<double>(lattice_.of(tensor_.rank[r].dim[0]).bound())
                           : of(r, tile).all;
  }
  return words;
}

std::int64_t staying_tiles(std::int64_t tiles, std::int64_t outside, const LoopRange& loop,
                           std::int64_t unit) noexcept {
  if (outside == 1) {
    return staying(tiles, unit);
  }
  const auto left = [&](std::int64_t bound) {
    return std::max<std::int64_t>(0, tiles - (outside - 1) * bound * unit);
  };
  const std::int64_t low = left(loop.high);
  const std::int64_t high = left(loop.low);
  return low <= unit && unit <= high ? unit : std::max(staying(low, unit), staying(high, unit));
}

std::int64_t most_staying_tiles(std::int64_t tiles, std::int64_t unit, bool is_outermost) noexcept {
  const std::int64_t most = staying(tiles, std::min(unit, tiles - 1));
  return is_outermost ? most : std::max(most, std::min(unit, tiles / 3));
}

}  // namespace imbrex::optimum
