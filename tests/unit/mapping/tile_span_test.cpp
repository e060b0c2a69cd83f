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

// Every tile looked at, the first of equally extreme ones kept.
TileSpan span_of_all_tiles(const TileGridShape& grid, std::int64_t first, std::int64_t last) {
  TileSpan span{{first, first, first, first}};
  for (std::int64_t t = first; t <= last; ++t) {
    const auto value = [&](std::size_t i, std::int64_t tile) {
      const std::int64_t row = tile / grid.columns;
      const std::int64_t column = tile % grid.columns;
      const std::int64_t key = i < 2 ? row + column : row - column;
      return i % 2 == 0 ? -key : key;
    };
    for (std::size_t i = 0; i < span.extreme.size(); ++i) {
      span.extreme[i] = value(i, t) > value(i, span.extreme[i]) ? t : span.extreme[i];
    }
  }
  return span;
}

TEST(TileSpan, IsWhatLookingAtEveryTileFinds) {
  Random random(kSeed, 1);
  for (int round = 0; round < 5000; ++round) {
    SCOPED_TRACE("seed " + std::to_string(kSeed) + " round " + std::to_string(round));
    const TileGridShape grid{random.between(1, 6), random.between(1, 6)};
    const std::int64_t tiles = grid.rows * grid.columns;
    const std::int64_t first = random.between(0, tiles - 1);
    const std::int64_t last = random.between(first, tiles - 1);
    ASSERT_EQ(tile_span(grid, first, last).extreme, span_of_all_tiles(grid, first, last).extreme);
  }
}

TEST(TileSpan, PutsWhatLiesBeyondTheGridOnItsLastTile) {
  const TileGridShape grid{2, 3};
  EXPECT_EQ(tile_span(grid, 40, 50).extreme, (std::array<std::int64_t, 4>{5, 5, 5, 5}));
}

}  // namespace
}  // namespace imbrex
