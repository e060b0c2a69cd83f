// The kernel of availability maps against the maximum taken entry by entry.
#include "range_max.hpp"

#include <imbrex/plugin/host.hpp>

#include <algorithm>

#include <gtest/gtest.h>

namespace imbrex::clsa {
namespace {

DenseArray random_array(Random& random) {
  DenseArray array;
  std::int64_t entries = 1;
  for (std::size_t axis = 2; axis < kMaxRank; ++axis) {
    array.extent[axis] = random.between(1, axis == 3 ? 40 : 5);
    entries *= array.extent[axis];
  }
  for (std::int64_t i = 0; i < entries; ++i) {
    array.value.push_back(random.between(0, 1000));
  }
  return array;
}

// Ranges of any kind: empty, single, wide, overlapping, in any order.
std::vector<IndexRange> random_ranges(Random& random, std::int64_t count) {
  std::vector<IndexRange> ranges;
  for (std::int64_t i = random.between(1, 12); i > 0; --i) {
    const std::int64_t begin = random.between(0, count);
    ranges.push_back({begin, random.between(begin, count)});
  }
  return ranges;
}

std::int64_t slow_max(const DenseArray& array, std::size_t axis, std::int64_t outer,
                      const IndexRange& range, std::int64_t inner) {
  std::int64_t stride = 1;
  for (std::size_t a = axis + 1; a < kMaxRank; ++a) {
    stride *= array.extent[a];
  }
  std::int64_t latest = kAlwaysThere;
  for (std::int64_t i = range.begin; i < range.end; ++i) {
    const std::int64_t at = (outer * array.extent[axis] + i) * stride + inner;
    latest = std::max(latest, array.value[static_cast<std::size_t>(at)]);
  }
  return latest;
}

TEST(RangeMax, EqualsTheMaximumTakenEntryByEntry) {
  std::vector<std::int64_t> spare;
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    Random random(seed, 0);
    const DenseArray before = random_array(random);
    const std::size_t axis = 2 + random.below(4);
    const std::vector<IndexRange> ranges = random_ranges(random, before.extent[axis]);
    DenseArray after = before;
    range_max(after, axis, ranges, spare);
    ASSERT_EQ(after.extent[axis], static_cast<std::int64_t>(ranges.size())) << "seed " << seed;
    std::int64_t inner_count = 1;
    for (std::size_t a = axis + 1; a < kMaxRank; ++a) {
      inner_count *= before.extent[a];
    }
    for (std::size_t i = 0; i < after.value.size(); ++i) {
      const std::int64_t at = static_cast<std::int64_t>(i);
      const std::int64_t inner = at % inner_count;
      const std::size_t range = static_cast<std::size_t>(at / inner_count) % ranges.size();
      const std::int64_t outer = at / inner_count / static_cast<std::int64_t>(ranges.size());
      ASSERT_EQ(after.value[i], slow_max(before, axis, outer, ranges[range], inner))
          << "seed " << seed << ", entry " << i;
    }
  }
}

TEST(RangeMax, LeavesTheArrayAloneWhenEveryEntryAnswersForItself) {
  DenseArray array;
  array.extent[kMaxRank - 1] = 3;
  array.value = {5, 1, 4};
  std::vector<std::int64_t> spare;
  const std::vector<IndexRange> ranges = {{0, 1}, {1, 2}, {2, 3}};
  range_max(array, kMaxRank - 1, ranges, spare);
  EXPECT_EQ(array.value, (std::vector<std::int64_t>{5, 1, 4}));
}

TEST(RangeMax, GivesAlwaysThereWhereNothingIsNeeded) {
  DenseArray array;
  array.extent[kMaxRank - 1] = 2;
  array.value = {5, 7};
  std::vector<std::int64_t> spare;
  range_max(array, kMaxRank - 1, std::vector<IndexRange>{{1, 1}, {0, 2}}, spare);
  EXPECT_EQ(array.value, (std::vector<std::int64_t>{kAlwaysThere, 7}));
}

TEST(Meeting, FindsTheNeighboursThatShareAnElement) {
  const std::vector<Interval> intervals = {{0, 2}, {2, 4}, {4, 6}};
  EXPECT_EQ(meeting(intervals, {1, 3}), (IndexRange{0, 2}));
  EXPECT_EQ(meeting(intervals, {2, 4}), (IndexRange{1, 2}));
  EXPECT_EQ(meeting(intervals, {0, 6}), (IndexRange{0, 3}));
  EXPECT_TRUE(meeting(intervals, {6, 9}).empty());
  EXPECT_TRUE(meeting(intervals, {3, 3}).empty());
}

}  // namespace
}  // namespace imbrex::clsa
