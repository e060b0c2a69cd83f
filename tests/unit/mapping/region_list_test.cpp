// Boxes that are joined, and ways that part and meet again, against single elements.
#include "language/region_list.hpp"

#include "fakes/architecture_model.hpp"
#include "fakes/cost_model.hpp"
#include "layers.hpp"
#include "thrown.hpp"

#include <imbrex/plugin/error.hpp>
#include <imbrex/plugin/host.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

constexpr std::uint64_t kSeed = 43;

using Elements = std::map<std::array<std::int64_t, 3>, std::set<std::int64_t>>;  // delays

Elements elements_of(const std::vector<Source>& sources) {
  Elements elements;
  for (const Source& source : sources) {
    test::for_each_element(source.region, [&](std::int64_t c, std::int64_t y, std::int64_t x) {
      elements[{c, y, x}].insert(source.delay_ps);
    });
  }
  return elements;
}

Source random_source(Random& random) {
  Source source;
  source.region = Region::whole(test::image(3, 4, 5));
  for (std::size_t axis = 1; axis < 4; ++axis) {
    const std::int64_t begin = random.between(0, 2);
    source.region.axis[axis] = {begin, random.between(begin + 1, 3)};
  }
  source.delay_ps = random.between(0, 1);
  return source;
}

TEST(RegionList, HoldsTheSameElementsWithTheSameDelays) {
  std::size_t joined = 0;
  for (std::uint64_t round = 0; round < 2000; ++round) {
    SCOPED_TRACE("seed " + std::to_string(kSeed) + " round " + std::to_string(round));
    Random random(kSeed, round);
    std::vector<Source> sources(static_cast<std::size_t>(random.between(1, 30)));
    std::generate(sources.begin(), sources.end(), [&] { return random_source(random); });
    std::vector<Source> fewer = sources;
    join_regions(fewer);
    ASSERT_EQ(elements_of(fewer), elements_of(sources));
    joined += sources.size() - fewer.size();
    std::vector<Source> shuffled = sources;
    random.shuffle(std::span<Source>(shuffled));
    join_regions(shuffled);
    ASSERT_EQ(shuffled, fewer);
  }
  EXPECT_GT(joined, 5000U);
}

TEST(RegionList, JoinsTheCellsOfAGridToOneBox) {
  std::vector<Source> cells;
  for (std::int64_t y = 0; y < 9; ++y) {
    for (std::int64_t x = 0; x < 9; ++x) {
      Source cell;
      cell.region = Region::whole(test::image(1, 9, 9));
      cell.region.axis[2] = {y, y + 1};
      cell.region.axis[3] = {x, x + 1};
      cells.push_back(cell);
    }
  }
  join_regions(cells);
  ASSERT_EQ(cells.size(), 1U);
  EXPECT_EQ(cells.front().region, Region::whole(test::image(1, 9, 9)));
}

// An image goes two ways, as it is and with its rows moved down, and the sum of both goes on in the
// same manner.
class Diamonds {
 public:
  explicit Diamonds(const std::vector<std::int64_t>& shifts, std::int64_t rows) {
    WorkloadBuilder builder("diamonds");
    TensorId at = builder.convolution("first", builder.input("x", test::image(1, rows, 1)),
                                      test::convolution(1, 1));
    for (std::size_t i = 0; i < shifts.size(); ++i) {
      const std::string number = std::to_string(i);
      const std::int64_t begin[] = {0, 0, shifts[i], 0};
      const std::int64_t end[] = {0, 0, 0, 0};
      const TensorId operands[] = {
          at, builder.pad("pad" + number,
                          builder.slice("slice" + number, at, 2, 0, rows - shifts[i]), begin, end)};
      at = builder.elementwise("add" + number, operands);
    }
    builder.convolution("last", at, test::convolution(1, 1));
    workload_ = std::make_shared<const Workload>(builder.finish());
  }

  // Rows of the first layer's output that one row of the last layer needs.
  std::set<std::int64_t> traced(std::int64_t row) const {
    const test::FakeCostModel cost(*workload_);
    const test::FakeChip chip;
    const Design design(workload_);
    const WorkGraph graph(design, {*workload_, chip.architecture, cost}, {});
    WorkGraph::Scratch scratch;
    std::vector<Source> sources;
    DimBox box = workload_->at(test::find(*workload_, "last")).bounds.whole();
    box[Dim::P] = {row, row + 1};
    graph.trace(test::find(*workload_, "last"), box, scratch, sources);
    std::set<std::int64_t> rows;
    for (const Source& source : sources) {
      for (std::int64_t y = source.region.axis[2].begin; y < source.region.axis[2].end; ++y) {
        rows.insert(y);
      }
    }
    return rows;
  }

 private:
  std::shared_ptr<const Workload> workload_;
};

// By the sums of shifts alone.
std::set<std::int64_t> needed(const std::vector<std::int64_t>& shifts, std::int64_t row) {
  std::set<std::int64_t> rows{row};
  for (const std::int64_t shift : shifts) {
    for (const std::int64_t y : std::set<std::int64_t>(rows)) {
      if (y >= shift) {
        rows.insert(y - shift);
      }
    }
  }
  return rows;
}

TEST(RegionList, FollowsWaysThatPartAndMeetAgain) {
  const std::vector<std::int64_t> by_one(30, 1);
  const std::vector<std::int64_t> by_four(30, 4);
  std::vector<std::int64_t> doubling;  // every sum of them is another number, with holes between
  for (std::int64_t i = 1; i <= 12; ++i) {
    doubling.push_back(std::int64_t{1} << i);
  }
  EXPECT_EQ(Diamonds(by_one, 200).traced(190), needed(by_one, 190));
  EXPECT_EQ(Diamonds(by_four, 200).traced(190), needed(by_four, 190));
  EXPECT_EQ(Diamonds(doubling, 9000).traced(8999), needed(doubling, 8999));
  EXPECT_EQ(needed(doubling, 8999).size(), 4096U);
}

TEST(RegionList, RefusesMoreRegionsThanItFollows) {
  std::vector<std::int64_t> doubling;
  for (std::int64_t i = 1; i <= 16; ++i) {
    doubling.push_back(std::int64_t{1} << i);
  }
  const Diamonds diamonds(doubling, 140000);
  EXPECT_NE(test::thrown<InputError>([&] { diamonds.traced(139999); }).find("separate regions"),
            std::string::npos);
}

}  // namespace
}  // namespace imbrex
