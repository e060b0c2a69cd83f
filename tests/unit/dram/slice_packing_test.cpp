// Slices never overlap or cross channels, and balancing is as good as trying every assignment.
#include "slice_packing.hpp"

#include <imbrex/plugin/host.hpp>

#include <algorithm>
#include <cmath>
#include <functional>
#include <set>

#include <gtest/gtest.h>

namespace imbrex::bank_slices {
namespace {

TEST(SlicePacking, OffersBanksOfOneChannelThenWholeChannels) {
  EXPECT_EQ(slice_sizes({3, 4}), (std::vector<std::int64_t>{1, 2, 3, 4, 8, 12}));
}
TEST(SlicePacking, PutsWholeChannelsFirst) {
  const std::int64_t sizes[] = {3, 8, 1, 2};
  const auto first = pack(sizes, {4, 4});
  ASSERT_TRUE(first);
  EXPECT_EQ(*first, (std::vector<std::int64_t>{8, 0, 11, 12}));
}
TEST(SlicePacking, RefusesWhatCrossesChannels) {
  const std::int64_t sizes[] = {3, 3, 2};  // 8 banks, but no channel holds 3 + 2
  EXPECT_FALSE(pack(sizes, {2, 4}));
}
TEST(SlicePacking, KeepsRandomSlicesDisjoint) {
  constexpr std::uint64_t kSeed = 21;
  Random random(kSeed, 0);
  int packed = 0;
  for (int round = 0; round < 2000; ++round) {
    const Memory memory{random.between(1, 6), random.between(1, 8)};
    const auto all = slice_sizes(memory);
    std::vector<std::int64_t> sizes;
    for (std::int64_t i = random.between(1, 10); i > 0; --i) {
      sizes.push_back(all[random.below(all.size())]);
    }
    const auto first = pack(sizes, memory);
    if (!first) {
      continue;
    }
    ++packed;
    std::set<std::int64_t> taken;
    for (std::size_t i = 0; i < sizes.size(); ++i) {
      for (std::int64_t bank = 0; bank < sizes[i]; ++bank) {
        const std::int64_t at = (*first)[i] + bank;
        EXPECT_TRUE(taken.insert(at).second) << "seed " << kSeed << " round " << round;
        EXPECT_LT(at, memory.channels * memory.banks);
      }
      const bool one_channel =
          (*first)[i] / memory.banks == ((*first)[i] + sizes[i] - 1) / memory.banks;
      EXPECT_TRUE(one_channel || ((*first)[i] % memory.banks == 0 && sizes[i] % memory.banks == 0))
          << "seed " << kSeed << " round " << round;
    }
  }
  EXPECT_GT(packed, 200);
}
TEST(SlicePacking, GivesEqualSlicesAsLargeAsFit) {
  // 5 operators on 2 x 8 banks: 3 of 2 fit a channel... 4 banks each would be 20 > 16; 3 each: 2
  // per channel only; 2 each: 4 per channel.
  const CostTable costs(5, std::vector<double>(slice_sizes({2, 8}).size(), 1.0));
  EXPECT_EQ(*equal(costs, {2, 8}), std::vector<std::size_t>(5, 1));
}
TEST(SlicePacking, GivesEqualSlicesExceptToThoseThatNeedMore) {
  CostTable costs(3, std::vector<double>(8, 1.0));
  costs[1] = {INFINITY, INFINITY, INFINITY, 1, 1, 1, 1, 1};
  EXPECT_EQ(*equal(costs, {1, 8}), (std::vector<std::size_t>{1, 3, 1}));
}
TEST(SlicePacking, HasNoAnswerWhenTheSmallestSlicesDoNotFit) {
  const CostTable costs(9, std::vector<double>(8, 1.0));
  EXPECT_FALSE(smallest(costs, {1, 8}));
  EXPECT_FALSE(equal(costs, {1, 8}));
  EXPECT_FALSE(balanced(costs, {1, 8}));
}
TEST(SlicePacking, SkipsSlicesThatMakeNothingCheaper) {
  const CostTable costs{{8, 8, 8, 2}, {3, 3, 3, 3}};
  EXPECT_EQ(*balanced(costs, {2, 4}), (std::vector<std::size_t>{3, 0}));
}
TEST(SlicePacking, BalancesAsWellAsTryingEverything) {
  constexpr std::uint64_t kSeed = 22;
  Random random(kSeed, 0);
  for (int round = 0; round < 500; ++round) {
    const Memory memory{1, random.between(3, 9)};
    CostTable costs(3);
    for (auto& row : costs) {
      double cost = static_cast<double>(random.between(50, 100));
      for (std::int64_t b = 0; b < memory.banks; ++b) {
        row.push_back(cost);
        cost = std::max(1.0, cost - static_cast<double>(random.between(0, 30)));
      }
    }
    double best = INFINITY;
    for (std::size_t i = 0; i < costs[0].size(); ++i) {
      for (std::size_t j = 0; j < costs[1].size(); ++j) {
        for (std::size_t k = 0; k < costs[2].size(); ++k) {
          if (static_cast<std::int64_t>(i + j + k + 3) <= memory.banks) {
            best = std::min(best, std::max({costs[0][i], costs[1][j], costs[2][k]}));
          }
        }
      }
    }
    const auto chosen = balanced(costs, memory);
    ASSERT_TRUE(chosen);
    double found = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      found = std::max(found, costs[i][(*chosen)[i]]);
    }
    EXPECT_EQ(found, best) << "seed " << kSeed << " round " << round;
  }
}

}  // namespace
}  // namespace imbrex::bank_slices
