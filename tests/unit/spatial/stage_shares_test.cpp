// Shares of elements: specification pipeorgan, section 5.1 and section 11 item 10.
#include <imbrex/plugin/host.hpp>
#include <imbrex/toolkit/spatial/spatial_layout.hpp>

#include <algorithm>
#include <numeric>

#include <gtest/gtest.h>

namespace imbrex {

namespace {

using Shares = std::vector<std::int64_t>;

double slowest(const Shares& work, const Shares& shares) {
  double most = 0;
  for (std::size_t i = 0; i < work.size(); ++i) {
    most = std::max(most, static_cast<double>(work[i]) / static_cast<double>(shares[i]));
  }
  return most;
}

// Every split, by recursion.
double best_by_enumeration(const Shares& work, std::int64_t total, Shares& taken) {
  if (taken.size() + 1 == work.size()) {
    taken.push_back(total);
    const double value = slowest(work, taken);
    taken.pop_back();
    return value;
  }
  double best = 1e300;
  const auto left = static_cast<std::int64_t>(work.size() - taken.size()) - 1;
  for (std::int64_t share = 1; share + left <= total; ++share) {
    taken.push_back(share);
    best = std::min(best, best_by_enumeration(work, total - share, taken));
    taken.pop_back();
  }
  return best;
}

TEST(MinMaxShares, PrefersTheOptimumToTheNearestInteger) {
  const Shares work{9, 1};
  EXPECT_EQ(spatial::min_max_shares(work, 32), (Shares{28, 4}));
  EXPECT_NEAR(spatial::utilisation(work, Shares{28, 4}), 0.972, 5e-4);
  EXPECT_NEAR(spatial::utilisation(work, Shares{29, 3}), 0.9375, 1e-12);
}

TEST(MinMaxShares, SplitsEqualWorkEvenly) {
  EXPECT_EQ(spatial::min_max_shares(Shares{5, 5, 5, 5}, 32), (Shares{8, 8, 8, 8}));
  EXPECT_EQ(spatial::min_max_shares(Shares{7}, 32), (Shares{32}));
  EXPECT_EQ(spatial::min_max_shares(Shares{1, 1, 1}, 3), (Shares{1, 1, 1}));
}

TEST(MinMaxShares, GivesStagesWithoutWorkOneElement) {
  EXPECT_EQ(spatial::min_max_shares(Shares{0, 10, 0}, 12), (Shares{1, 10, 1}));
}

class RandomShares : public testing::TestWithParam<int> {};

TEST_P(RandomShares, AreAsGoodAsEverySplit) {
  Random random(2024, static_cast<std::uint64_t>(GetParam()));
  for (int round = 0; round < 200; ++round) {
    const auto stages = static_cast<std::size_t>(GetParam());
    const std::int64_t total = random.between(GetParam(), 24);
    Shares work(stages);
    std::generate(work.begin(), work.end(), [&] { return random.between(1, 1000); });
    const Shares shares = spatial::min_max_shares(work, total);
    EXPECT_EQ(std::accumulate(shares.begin(), shares.end(), std::int64_t{0}), total);
    EXPECT_GE(*std::min_element(shares.begin(), shares.end()), 1);
    Shares taken;
    EXPECT_DOUBLE_EQ(slowest(work, shares), best_by_enumeration(work, total, taken))
        << "stream " << GetParam() << ", round " << round;
  }
}

INSTANTIATE_TEST_SUITE_P(Depth, RandomShares, testing::Values(2, 3, 4));

TEST(CommonFactorShares, AreTangramsForNineToOne) {
  const auto found = spatial::common_factor_shares(Shares{9, 1}, 32, 32, 0.95);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->factor, 8);
  EXPECT_EQ(found->shares, (Shares{920, 104}));
  EXPECT_NEAR(found->utilisation, 0.9983, 5e-5);
}

TEST(CommonFactorShares, AcceptTheLargestFactorThatIsGoodEnough) {
  const auto found = spatial::common_factor_shares(Shares{9, 1}, 32, 32, 0.93);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->factor, 32);
  EXPECT_NEAR(found->utilisation, 0.9375, 1e-12);
  EXPECT_FALSE(spatial::common_factor_shares(Shares{1, 1, 1}, 4, 4, 0.999));
}

TEST(CommonFactorShares, AreWholeColumnsForEqualWork) {
  const auto found = spatial::common_factor_shares(Shares{3, 3, 3, 3}, 32, 32, 0.95);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->factor, 32);
  EXPECT_EQ(found->shares, (Shares{256, 256, 256, 256}));
}

}  // namespace

}  // namespace imbrex
