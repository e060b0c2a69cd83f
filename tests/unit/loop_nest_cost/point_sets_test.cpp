#include <imbrex/plugin/host.hpp>
#include <imbrex/toolkit/nests/point_sets.hpp>

#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace imbrex::nests {
namespace {

std::set<std::int64_t> sums_of(const std::vector<Progression>& parts) {
  std::set<std::int64_t> sums{0};
  for (const Progression& part : parts) {
    std::set<std::int64_t> next;
    for (const std::int64_t sum : sums) {
      for (std::int64_t i = 0; i < part.count; ++i) {
        next.insert(sum + part.step * i);
      }
    }
    sums = next;
  }
  return sums;
}

std::int64_t size(const std::set<std::int64_t>& set) {
  return static_cast<std::int64_t>(set.size());
}

TEST(PointSets, StrideTwoWithWindowThreeHasNoHoles) {
  EXPECT_EQ(distinct_sums(Progression{2, 4}, Progression{1, 3}), 9);
}

TEST(PointSets, DilatedWindowLeavesHoles) {
  EXPECT_EQ(distinct_sums(Progression{1, 2}, Progression{3, 3}), 6);
  EXPECT_EQ(hull(Progression{1, 2}, Progression{3, 3}), 8);
}

TEST(PointSets, CountsEqualEnumeration) {
  constexpr std::uint64_t kSeed = 7;
  Random random(kSeed, 0);
  for (int trial = 0; trial < 20'000; ++trial) {
    SCOPED_TRACE("seed 7, trial " + std::to_string(trial));
    const Progression a{random.between(1, 6), random.between(1, 7)};
    const Progression b{random.between(1, 6), random.between(1, 7)};
    const Progression c{random.between(1, 40), random.between(1, 4)};
    ASSERT_EQ(distinct_sums(a, b), size(sums_of({a, b})));
    const std::vector<Progression> three{a, b, c};
    ASSERT_EQ(distinct_sums(three), size(sums_of(three)));
    const std::int64_t shift = random.between(-40, 40);
    const std::set<std::int64_t> sums = sums_of({a, b});
    std::int64_t shared = 0;
    for (const std::int64_t sum : sums) {
      shared += static_cast<std::int64_t>(sums.count(sum + shift));
    }
    ASSERT_EQ(shared_sums(a, b, shift), shared) << "shift " << shift;
  }
}

}  // namespace
}  // namespace imbrex::nests
