// How a grid's jobs are dealt to copies (specification clsa-cim sections 5.6 and 6.1).
#include "boxes.hpp"
#include "language/orders.hpp"

#include <imbrex/plugin/host.hpp>

#include <vector>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

constexpr std::uint64_t kSeed = 11;

LoopBounds plane(std::int64_t p, std::int64_t q) {
  LoopBounds bounds;
  bounds[Dim::K] = 3;
  bounds[Dim::P] = p;
  bounds[Dim::Q] = q;
  return bounds;
}

struct Case {
  LoopBounds bounds;
  std::int64_t height, width, copies;
};
Case random_case(Random& random) {
  Case c{plane(random.between(1, 12), random.between(1, 12)), 1, 1, random.between(1, 15)};
  c.height = random.between(1, c.bounds[Dim::P]);
  c.width = random.between(1, c.bounds[Dim::Q]);
  return c;
}

// Every server's jobs as one list of boxes; also checks what holds for any dealing.
std::vector<std::vector<DimBox>> servers_of(const TileGridOrder& order, const LoopBounds& bounds) {
  std::vector<std::vector<DimBox>> servers;
  std::vector<int> painted(static_cast<std::size_t>(bounds[Dim::P] * bounds[Dim::Q]), 0);
  for (std::int64_t server = 0; server < order.server_count(); ++server) {
    servers.emplace_back();
    for (std::int64_t step = 0; step < order.step_count(server); ++step) {
      const DimBox box = order.job(step, server).box;
      servers.back().push_back(box);
      EXPECT_EQ(box[Dim::K], (Interval{0, 3}));  // channels are never split
      test::for_each_position(box, [&](std::int64_t y, std::int64_t x) {
        ++painted[static_cast<std::size_t>(y * bounds[Dim::Q] + x)];
      });
    }
  }
  for (const int times : painted) {
    EXPECT_EQ(times, 1);  // jobs are disjoint and cover the output
  }
  return servers;
}

TEST(RoundRobin, GivesJobJToServerJModCopies) {
  Random random(kSeed, 0);
  for (int round = 0; round < 400; ++round) {
    SCOPED_TRACE("seed " + std::to_string(kSeed) + " round " + std::to_string(round));
    const Case c = random_case(random);
    const TileGridOrder order(c.bounds, {c.bounds[Dim::N], c.height, c.width}, c.copies,
                              Dealing::round_robin, {0, 1}, false);
    std::vector<std::vector<DimBox>> expected(static_cast<std::size_t>(c.copies));
    std::int64_t j = 0;
    for (std::int64_t y = 0; y < c.bounds[Dim::P]; y += c.height) {
      for (std::int64_t x = 0; x < c.bounds[Dim::Q]; x += c.width) {
        DimBox box = c.bounds.whole();
        box[Dim::P] = {y, std::min(y + c.height, c.bounds[Dim::P])};
        box[Dim::Q] = {x, std::min(x + c.width, c.bounds[Dim::Q])};
        expected[static_cast<std::size_t>(j++ % c.copies)].push_back(box);
      }
    }
    ASSERT_EQ(servers_of(order, c.bounds), expected);
    ASSERT_EQ(order.job_count(), j);
  }
}

// Positions belong to strips by the formula of the specification; jobs are what is left of the
// tiles when they are cut where the formula's value changes, in row-major order.
void expect_strips(const Case& c, Dealing dealing) {
  const bool columns = dealing == Dealing::strip_w;
  const TileGridOrder order(c.bounds, {c.bounds[Dim::N], c.height, c.width}, c.copies, dealing,
                            {0, 1}, false);
  const std::int64_t extent = columns ? c.bounds[Dim::Q] : c.bounds[Dim::P];
  const auto strip = [&](std::int64_t at) { return at * c.copies / extent; };
  const auto servers = servers_of(order, c.bounds);
  std::int64_t jobs = 0;
  for (std::size_t server = 0; server < servers.size(); ++server) {
    std::pair<std::int64_t, std::int64_t> previous{-1, -1};
    for (const DimBox& box : servers[server]) {
      const Interval along = columns ? box[Dim::Q] : box[Dim::P];
      EXPECT_EQ(strip(along.begin), static_cast<std::int64_t>(server));
      EXPECT_EQ(strip(along.end - 1), static_cast<std::int64_t>(server));
      // No smaller than the tile allows: it ends at a tile border, a strip border or the edge.
      const std::int64_t tile = columns ? c.width : c.height;
      EXPECT_TRUE(along.end % tile == 0 || along.end == extent ||
                  strip(along.end) != strip(along.end - 1));
      EXPECT_EQ((along.end - 1) / tile, along.begin / tile);
      const std::pair at{box[Dim::P].begin, box[Dim::Q].begin};
      EXPECT_LT(previous, at);
      previous = at;
      ++jobs;
    }
  }
  EXPECT_EQ(order.job_count(), jobs);
}

TEST(Strips, FollowTheFormulaOfColumns) {
  Random random(kSeed, 1);
  for (int round = 0; round < 400; ++round) {
    SCOPED_TRACE("seed " + std::to_string(kSeed) + " round " + std::to_string(round));
    expect_strips(random_case(random), Dealing::strip_w);
  }
}

TEST(Strips, FollowTheFormulaOfRows) {
  Random random(kSeed, 2);
  for (int round = 0; round < 400; ++round) {
    SCOPED_TRACE("seed " + std::to_string(kSeed) + " round " + std::to_string(round));
    expect_strips(random_case(random), Dealing::strip_h);
  }
}

TEST(Strips, CutRowsIntoShorterJobs) {
  // 2 rows x 10 columns over 3 copies: floor(x * 3 / 10) = 0 for x < 4, 1 for x < 7, 2 beyond.
  const TileGridOrder order(plane(2, 10), {1, 1, 10}, 3, Dealing::strip_w, {0, 1}, false);
  ASSERT_EQ(order.tile_grid()->columns(), 3);
  EXPECT_EQ(order.job(0, 0).box[Dim::Q], (Interval{0, 4}));
  EXPECT_EQ(order.job(1, 0).box[Dim::P], (Interval{1, 2}));
  EXPECT_EQ(order.job(0, 1).box[Dim::Q], (Interval{4, 7}));
  EXPECT_EQ(order.job(1, 2).box[Dim::Q], (Interval{7, 10}));
}

TEST(RoundRobin, TakesSeventeenRowsOnTheBusiestOfTwentyFiveCopies) {
  // Specification section 5.6: 416 rows over 25 copies = 17 * 416 = 7072.
  const TileGridOrder order(plane(416, 416), {1, 1, 416}, 25, Dealing::round_robin, {0, 1}, false);
  EXPECT_EQ(longest_server_ps(order), 7072);
}

TEST(RoundRobin, LeavesCopiesIdleWhenThereAreMoreThanJobs) {
  // Specification section 10, pitfall 10: 7 rows on 9 copies.
  const TileGridOrder order(plane(7, 7), {1, 1, 7}, 9, Dealing::round_robin, {0, 1}, false);
  ASSERT_EQ(order.server_count(), 9);
  EXPECT_EQ(order.step_count(6), 1);
  EXPECT_EQ(order.step_count(7), 0);
  EXPECT_EQ(order.step_count(8), 0);
  EXPECT_EQ(longest_server_ps(order), 7);
}

TEST(TileGrid, TablesAgreeWithJobs) {
  Random random(kSeed, 3);
  for (int round = 0; round < 300; ++round) {
    SCOPED_TRACE("seed " + std::to_string(kSeed) + " round " + std::to_string(round));
    const Case c = random_case(random);
    const Dealing dealing = static_cast<Dealing>(random.below(3));
    const TileGridOrder order(c.bounds, {c.bounds[Dim::N], c.height, c.width}, c.copies, dealing,
                              {0, 1}, false);
    const TileGrid& grid = *order.tile_grid();
    ASSERT_EQ(static_cast<std::int64_t>(grid.server.size()), grid.rows() * grid.columns());
    for (std::size_t cell = 0; cell < grid.server.size(); ++cell) {
      const std::size_t row = cell / static_cast<std::size_t>(grid.columns());
      const std::size_t column = cell % static_cast<std::size_t>(grid.columns());
      const Job job = order.job(grid.step[cell], grid.server[cell]);
      ASSERT_EQ(job.box[Dim::P], (Interval{grid.row_cuts[row], grid.row_cuts[row + 1]}));
      ASSERT_EQ(job.box[Dim::Q],
                (Interval{grid.column_cuts[column], grid.column_cuts[column + 1]}));
    }
  }
}

TEST(TileGrid, DurationCountsBatchRowsAndColumns) {
  LoopBounds bounds = plane(4, 6);
  bounds[Dim::N] = 2;
  const TileGridOrder order(bounds, {bounds[Dim::N], 2, 6}, 1, Dealing::round_robin, {100, 7},
                            false);
  EXPECT_EQ(order.job(0, 0).duration_ps, 100 + 7 * 2 * 2 * 6);
}

}  // namespace
}  // namespace imbrex
