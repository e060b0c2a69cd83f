// The farthest pair of tiles by four extremes, against looking at all pairs.
#include "language/tile_span.hpp"

#include <imbrex/plugin/host.hpp>

#include <string>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

constexpr std::uint64_t kSeed = 31;

TEST(TileSpan, FarthestPairEqualsSearchOverAllPairs) {
  Random random(kSeed, 0);
  for (int round = 0; round < 2000; ++round) {
    SCOPED_TRACE("seed " + std::to_string(kSeed) + " round " + std::to_string(round));
    const TileGridShape grid{random.between(1, 7), random.between(1, 7)};
    const std::int64_t tiles = grid.rows * grid.columns;
    std::array<std::int64_t, 2> first{};
    std::array<std::int64_t, 2> last{};
    for (std::size_t i = 0; i < 2; ++i) {
      first[i] = random.between(0, tiles - 1);
      last[i] = random.between(first[i], tiles - 1);
    }
    std::int64_t farthest = 0;
    for (std::int64_t a = first[0]; a <= last[0]; ++a) {
      for (std::int64_t b = first[1]; b <= last[1]; ++b) {
        farthest = std::max(farthest, std::abs(a / grid.columns - b / grid.columns) +
                                          std::abs(a % grid.columns - b % grid.columns));
      }
    }
    const auto [a, b] = farthest_tiles(grid, tile_span(grid, first[0], last[0]),
                                       tile_span(grid, first[1], last[1]));
    ASSERT_EQ(tile_distance(grid, a, b), farthest);
    ASSERT_TRUE(first[0] <= a && a <= last[0] && first[1] <= b && b <= last[1]);
  }
}

TEST(TileSpan, PutsWhatLiesBeyondTheGridOnItsLastTile) {
  const TileGridShape grid{2, 3};
  EXPECT_EQ(tile_span(grid, 40, 50).extreme, (std::array<std::int64_t, 4>{5, 5, 5, 5}));
}

}  // namespace
}  // namespace imbrex
