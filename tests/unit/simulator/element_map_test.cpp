#include "element_map.hpp"

#include <imbrex/plugin/host.hpp>

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

namespace imbrex::simulator {
namespace {

Shape shape_3d(std::int64_t a, std::int64_t b, std::int64_t c) {
  return {3, {a, b, c, 1, 1, 1}};
}

Region box(Interval a, Interval b, Interval c) {
  Region region;
  region.rank = 3;
  region.axis[0] = a;
  region.axis[1] = b;
  region.axis[2] = c;
  return region;
}

std::set<std::uint32_t> found(const ElementMap& map, const Region& region) {
  std::vector<std::uint32_t> jobs;
  map.find(region, jobs);
  return {jobs.begin(), jobs.end()};
}

TEST(ElementMap, FindsRowsByTheRowsTheyWrote) {
  const std::vector<Region> rows = {box({0, 8}, {0, 1}, {0, 5}), box({0, 8}, {1, 2}, {0, 5}),
                                    box({0, 8}, {2, 3}, {0, 5})};
  const ElementMap map(shape_3d(8, 3, 5), rows);
  EXPECT_EQ(found(map, box({3, 4}, {0, 2}, {4, 5})), (std::set<std::uint32_t>{0, 1}));
  EXPECT_EQ(found(map, box({0, 8}, {2, 3}, {0, 1})), (std::set<std::uint32_t>{2}));
}

TEST(ElementMap, FindsEveryPartialSumOfAnElement) {
  const Region whole = box({0, 2}, {0, 2}, {0, 2});
  const std::vector<Region> sums = {whole, whole, box({0, 1}, {0, 2}, {0, 2})};
  const ElementMap map(shape_3d(2, 2, 2), sums);
  EXPECT_EQ(found(map, box({0, 1}, {0, 1}, {0, 1})), (std::set<std::uint32_t>{0, 1, 2}));
  EXPECT_EQ(found(map, box({1, 2}, {0, 1}, {0, 1})), (std::set<std::uint32_t>{0, 1}));
}

TEST(ElementMap, IgnoresJobsAndQueriesWithoutElements) {
  const std::vector<Region> jobs = {box({0, 0}, {0, 2}, {0, 2}), box({0, 2}, {0, 2}, {0, 2})};
  const ElementMap map(shape_3d(2, 2, 2), jobs);
  EXPECT_EQ(found(map, box({0, 2}, {0, 2}, {0, 2})), (std::set<std::uint32_t>{1}));
  EXPECT_TRUE(found(map, box({0, 2}, {1, 1}, {0, 2})).empty());
}

TEST(ElementMap, AgreesWithIntersectingEveryBox) {
  constexpr std::uint64_t kSeed = 7;
  for (std::uint64_t number = 0; number < 300; ++number) {
    SCOPED_TRACE("seed 7, case " + std::to_string(number));
    Random random(kSeed, number);
    const Shape shape = shape_3d(random.between(1, 5), random.between(1, 7), random.between(1, 7));
    const auto random_box = [&] {
      Region region = Region::whole(shape);
      for (std::size_t axis = 0; axis < 3; ++axis) {
        if (random.below(3) > 0) {
          region.axis[axis].begin = random.between(0, shape[axis] - 1);
          region.axis[axis].end = random.between(region.axis[axis].begin + 1, shape[axis]);
        }
      }
      return region;
    };
    std::vector<Region> jobs;
    for (std::int64_t i = random.between(1, 12); i > 0; --i) {
      jobs.push_back(random_box());
    }
    const ElementMap map(shape, jobs);
    const Region query = random_box();
    std::set<std::uint32_t> expected;
    for (std::uint32_t job = 0; job < jobs.size(); ++job) {
      if (!jobs[job].intersect(query).empty()) {
        expected.insert(job);
      }
    }
    ASSERT_EQ(found(map, query), expected);
  }
}

}  // namespace
}  // namespace imbrex::simulator
