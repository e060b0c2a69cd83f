// Windows along one coordinate: tiles at the borders only, against a walk over all places.
#include <imbrex/plugin/host.hpp>
#include <imbrex/toolkit/nests/border_windows.hpp>

#include <array>

#include <gtest/gtest.h>

namespace imbrex::nests {
namespace {

std::int64_t below(Random& random, std::int64_t limit) {
  return static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(limit)));
}

// Loops that make the whole dimension from a tile, innermost first, each with some fate. Loops of
// other instances are left out, as for the first one.
AxisSide random_side(Random& random, bool may_move, std::int64_t factor) {
  AxisSide side;
  side.factor = factor;
  side.even = true;
  side.extent = 1 + below(random, 4);
  side.bound = side.extent;
  bool moved = false;
  for (std::int64_t loops = below(random, 4); loops > 0; --loops) {
    const std::int64_t bound = 2 + below(random, 3);
    const std::int64_t kind = below(random, 6);
    Fate fate = kind < 2 ? Fate::outer : (kind == 2 ? Fate::shared : Fate::inner);
    if (moved && fate == Fate::inner) {
      fate = Fate::outer;  // inner loops of the mover lie inside it
    }
    if (kind == 5 && may_move && !moved) {
      fate = Fate::mover;
      moved = true;
    }
    if (kind != 4) {
      side.digits.add({bound, side.bound, fate});
    }
    side.bound *= bound;
  }
  if (below(random, 2) == 0) {
    side.bound = 1 + below(random, side.bound);
    side.extent = std::min(side.extent, side.bound);
    side.even = false;
  }
  return side;
}

TEST(BorderWindows, EqualTheWalkOverPlaces) {
  Random random(11, 0);
  int known = 0;
  int cut = 0;
  int uneven = 0;
  for (int trial = 0; trial < 20000; ++trial) {
    SCOPED_TRACE(trial);
    const bool first_moves = below(random, 2) == 0;
    const AxisSide first = random_side(random, first_moves, 1 + below(random, 3));
    const AxisSide second = random_side(random, !first_moves, 1 + below(random, 3));
    const std::int64_t hull =
        first.factor * (first.bound - 1) + second.factor * (second.bound - 1) + 1;
    const std::int64_t before = below(random, 4);
    const std::int64_t behind = below(random, 4);
    Rank rank;
    rank.offset = -before;
    rank.extent = below(random, 8) == 0 ? 0 : std::max<std::int64_t>(1, hull - before - behind);
    const auto quick = border_window_sums(first, second, rank);
    if (!quick) {
      continue;
    }
    ++known;
    cut += rank.extent > 0 && before + behind > 0 ? 1 : 0;
    uneven += first.even && second.even ? 0 : 1;
    const AxisSums slow = walked_window_sums(first, second, rank);
    ASSERT_EQ(quick->now, slow.now);
    ASSERT_EQ(quick->kept, slow.kept);
  }
  EXPECT_GT(known, 12000);
  EXPECT_GT(cut, 8000);
  EXPECT_GT(uneven, 6000);
}

// 7 outputs of a 3-tap window, padding 1, tiles of one output and all taps: 2 + 5*3 + 2 points; of
// those the tile before held 2 each, but for the last tile, whose points 5 and 6 were there both:
// 6 * 2.
TEST(BorderWindows, BordersByHand) {
  AxisSide outputs{{}, 7, 1, 1, true};
  outputs.digits.add({7, 1, Fate::outer});
  const AxisSide taps{{}, 3, 3, 1, true};
  Rank rank;
  rank.offset = -1;
  rank.extent = 7;
  EXPECT_EQ(border_window_sums(outputs, taps, rank)->now, 19);
  outputs.digits = {};
  outputs.digits.add({7, 1, Fate::mover});
  const auto moving = border_window_sums(outputs, taps, rank);
  EXPECT_EQ(moving->now, 17);
  EXPECT_EQ(moving->kept, 12);
}

// The same in tiles of two outputs, the last of one: 0 to 2, 1 to 4, 3 to 6, 5 to 6: 13; each but
// the first has two in common with the one before.
TEST(BorderWindows, LastTilesByHand) {
  AxisSide outputs{{}, 7, 2, 1, false};
  outputs.digits.add({4, 2, Fate::outer});
  const AxisSide taps{{}, 3, 3, 1, true};
  Rank rank;
  rank.offset = -1;
  rank.extent = 7;
  EXPECT_EQ(border_window_sums(outputs, taps, rank)->now, 3 + 4 + 4 + 2);
  outputs.digits = {};
  outputs.digits.add({4, 2, Fate::mover});
  const auto moving = border_window_sums(outputs, taps, rank);
  EXPECT_EQ(moving->now, 4 + 4 + 2);
  EXPECT_EQ(moving->kept, 2 + 2 + 2);
}

TEST(BorderWindows, LeaveTheRestToTheWalk) {
  const AxisSide outputs{{}, 8, 2, 4, true};
  const AxisSide pair{{}, 2, 2, 1, true};
  EXPECT_FALSE(border_window_sums(outputs, pair, Rank{}).has_value()) << "holes";
}

}  // namespace
}  // namespace imbrex::nests
