#include <imbrex/plugin/host.hpp>

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

__extension__ using Uint128 = unsigned __int128;
using Block = std::array<std::uint32_t, 4>;

// Random123 1.14, tests/kat_vectors, "philox4x32 10".
TEST(Philox, GivesTheKnownAnswerForZeros) {
  EXPECT_EQ(philox_4x32({0, 0, 0, 0}, {0, 0}),
            (Block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
}

TEST(Philox, GivesTheKnownAnswerForOnes) {
  const std::uint32_t ones = 0xffffffff;
  EXPECT_EQ(philox_4x32({ones, ones, ones, ones}, {ones, ones}),
            (Block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
}

TEST(Philox, GivesTheKnownAnswerForTheDigitsOfPi) {
  EXPECT_EQ(philox_4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
            (Block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Random, IsTheBlocksOfPhiloxInOrder) {
  const std::uint64_t seed = 0x0123456789abcdef;
  const std::uint64_t stream = 0xfedcba9876543210;
  Random random(seed, stream);
  for (std::uint32_t counter = 0; counter < 100; ++counter) {
    const Block block = philox_4x32({counter, 0, 0x76543210, 0xfedcba98}, {0x89abcdef, 0x01234567});
    EXPECT_EQ(random.next(), (std::uint64_t{block[1]} << 32) | block[0]);
    EXPECT_EQ(random.next(), (std::uint64_t{block[3]} << 32) | block[2]);
  }
}

TEST(Random, ReplaysWhenCopied) {
  Random random(1, 2);
  random.next();
  Random copy = random;
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(random.next(), copy.next());
  }
}

TEST(Random, DiffersBetweenSeedsAndStreams) {
  std::vector<std::uint64_t> first;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    for (std::uint64_t stream = 0; stream < 20; ++stream) {
      first.push_back(Random(seed, stream).next());
    }
  }
  std::sort(first.begin(), first.end());
  EXPECT_EQ(std::adjacent_find(first.begin(), first.end()), first.end());
}

// The same rule spelled out: x is rejected when the low half of x*bound falls into the first
// 2^64 mod bound values.
std::uint64_t below_spelled_out(Random& random, std::uint64_t bound) {
  const std::uint64_t surplus = static_cast<std::uint64_t>((Uint128{1} << 64) % bound);
  for (;;) {
    const Uint128 product = Uint128{random.next()} * bound;
    const Uint128 low = product % (Uint128{1} << 64);
    if (low >= surplus) {
      return static_cast<std::uint64_t>(product / (Uint128{1} << 64));
    }
  }
}

TEST(Random, BelowAgreesWithTheRuleSpelledOut) {
  const std::uint64_t seed = 20240607;
  Random bounds(seed, 0);
  for (int i = 0; i < 20000; ++i) {
    // Every magnitude; close to 2^63 half of all draws are rejected.
    const std::uint64_t bound = (bounds.next() >> (bounds.next() % 64)) | 1u;
    Random fast(seed, static_cast<std::uint64_t>(i));
    Random slow = fast;
    ASSERT_EQ(fast.below(bound), below_spelled_out(slow, bound)) << "seed " << seed << " i " << i;
    ASSERT_EQ(fast.next(), slow.next()) << "seed " << seed << " i " << i;
  }
}

TEST(Random, BelowOneIsZero) {
  Random random(3, 4);
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(random.below(1), 0u);
  }
}

TEST(Random, BelowIsUniform) {
  constexpr int kDraws = 700000;
  std::array<int, 7> count{};
  Random random(5, 6);
  for (int i = 0; i < kDraws; ++i) {
    ++count[random.below(7)];
  }
  double chi_square = 0;
  for (const int c : count) {
    const double difference = c - kDraws / 7.0;
    chi_square += difference * difference / (kDraws / 7.0);
  }
  EXPECT_LT(chi_square, 22.46);  // 6 degrees of freedom, p = 0.001
}

// 3 * 2^62 values: a plain "next() % bound" would give the lowest quarter of them twice as often.
TEST(Random, BelowIsUnbiasedForHugeBounds) {
  const std::uint64_t bound = std::uint64_t{3} << 62;
  Random random(7, 8);
  int low = 0;
  constexpr int kDraws = 100000;
  for (int i = 0; i < kDraws; ++i) {
    low += random.below(bound) < (std::uint64_t{1} << 62) ? 1 : 0;
  }
  EXPECT_NEAR(low, kDraws / 3.0, 4 * 149.1);  // 4 standard deviations of a binomial
}

TEST(Random, BetweenIncludesBothEnds) {
  std::map<std::int64_t, int> count;
  Random random(9, 10);
  for (int i = 0; i < 1000; ++i) {
    ++count[random.between(-2, 1)];
  }
  EXPECT_EQ(count.size(), 4u);
  EXPECT_EQ(count.begin()->first, -2);
  EXPECT_EQ(count.rbegin()->first, 1);
}

TEST(Random, BetweenCoversAllIntegers) {
  Random random(11, 12);
  Random raw = random;
  const auto low = std::numeric_limits<std::int64_t>::min();
  const auto high = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(random.between(low, high),
            static_cast<std::int64_t>(raw.next() + (std::uint64_t{1} << 63)));
  EXPECT_EQ(random.between(low, low), low);
  EXPECT_EQ(random.between(high, high), high);
}

TEST(Random, UnitIsTheTop53Bits) {
  Random random(13, 14);
  Random raw = random;
  for (int i = 0; i < 10000; ++i) {
    const double unit = random.unit();
    ASSERT_EQ(unit * 9007199254740992.0, static_cast<double>(raw.next() / 2048));
    ASSERT_LT(unit, 1.0);
    ASSERT_GE(unit, 0.0);
  }
}

TEST(Random, ShuffleGivesEveryOrderEquallyOften) {
  std::map<std::array<int, 3>, int> count;
  Random random(15, 16);
  for (int i = 0; i < 60000; ++i) {
    std::array<int, 3> items = {0, 1, 2};
    random.shuffle(std::span<int>(items));
    ++count[items];
  }
  EXPECT_EQ(count.size(), 6u);
  for (const auto& [order, times] : count) {
    EXPECT_NEAR(times, 10000, 4 * 91.3);  // 4 standard deviations
  }
}

TEST(Random, ShuffleKeepsAllItems) {
  std::vector<int> items(1000);
  std::iota(items.begin(), items.end(), 0);
  std::vector<int> shuffled = items;
  Random(17, 18).shuffle(std::span<int>(shuffled));
  EXPECT_NE(shuffled, items);
  std::sort(shuffled.begin(), shuffled.end());
  EXPECT_EQ(shuffled, items);
}

}  // namespace
}  // namespace imbrex
