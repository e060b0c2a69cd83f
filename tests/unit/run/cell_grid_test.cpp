// Cells of a grid against a walk over all of them, one coordinate at a time.
#include "run/cell_grid.hpp"

#include <random>
#include <set>
#include <span>

#include <gtest/gtest.h>

namespace imbrex::test {
namespace {

Interval random_interval(std::mt19937& random, std::int64_t extent) {
  const std::int64_t begin = static_cast<std::int64_t>(random() % static_cast<unsigned>(extent));
  const auto room = static_cast<unsigned>(extent - begin);
  return {begin, begin + 1 + static_cast<std::int64_t>(random() % room)};
}

Region random_region(std::mt19937& random, std::span<const std::int64_t> extents) {
  Region region;
  region.rank = static_cast<std::uint8_t>(extents.size());
  for (std::size_t axis = 0; axis < extents.size(); ++axis) {
    region.axis[axis] = random_interval(random, extents[axis]);
  }
  return region;
}

TEST(CellGrids, FindTheCellsThatARegionMeets) {
  std::mt19937 random(3);
  const std::array<std::int64_t, 3> extents = {7, 1, 12};
  for (int round = 0; round < 300; ++round) {
    run::CellGrid grid;
    grid.cut(Region{.rank = 3, .axis = {{{0, 7}, {0, 1}, {0, 12}}}});
    for (auto i = random() % 6; i > 0; --i) {
      grid.cut(random_region(random, extents));
    }
    grid.finish();
    const auto cells_met = [&](const Region& region) {
      std::set<std::size_t> cells;
      grid.for_each(grid.cells_of(region), [&](std::size_t cell, const auto& at) {
        EXPECT_TRUE(cells.insert(cell).second);
        EXPECT_LT(cell, grid.size());
        for (std::size_t axis = 0; axis < 3; ++axis) {
          EXPECT_FALSE(grid.interval(axis, at[axis]).intersect(region.axis[axis]).empty());
        }
      });
      return cells;
    };
    const Region asked = random_region(random, extents);
    std::set<std::size_t> expected;
    for (std::int64_t x = asked.axis[0].begin; x < asked.axis[0].end; ++x) {
      for (std::int64_t y = asked.axis[2].begin; y < asked.axis[2].end; ++y) {
        const auto one = cells_met(Region{.rank = 3, .axis = {{{x, x + 1}, {0, 1}, {y, y + 1}}}});
        ASSERT_EQ(one.size(), 1u);
        expected.insert(*one.begin());
      }
    }
    ASSERT_EQ(cells_met(asked), expected);
  }
}

}  // namespace
}  // namespace imbrex::test
