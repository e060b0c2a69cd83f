// Specification compass sections 2 to 4: every integer of their tables, all nine pairs of network
// and chip.
#include "compass_kit.hpp"
#include "test_name.hpp"

#include <imbrex/toolkit/segments/weight_units.hpp>

#include <algorithm>
#include <numeric>

#include <gtest/gtest.h>

namespace imbrex::test {
namespace {

struct Golden {
  std::string network;
  std::string chip;
  std::size_t units;
  std::int64_t spans;
  std::string groups;  // leading digits where the table rounds
  std::size_t digits;  // of the number of groups
  std::size_t least_segments;
  std::vector<std::int32_t> greedy;  // empty: only the count is printed
  std::string run_lengths;
};

const Golden kGolden[] = {
    {"squeezenet1.1", "compass-s", 31, 496, "1073741824", 10, 1, {31}, ""},
    {"squeezenet1.1", "compass-m", 27, 378, "67108864", 8, 1, {27}, ""},
    {"squeezenet1.1", "compass-l", 27, 378, "67108864", 8, 1, {27}, ""},
    {"resnet18-full",
     "compass-s",
     67,
     835,
     "70849905688874271232",
     20,
     6,
     {25, 40, 48, 56, 65, 67},
     "1x1 4x3 1x2 1x6 6x5 1x4 4x5 12x9 1x8 8x9 24x18 4x8"},
    {"resnet18-full",
     "compass-m",
     60,
     1047,
     "576196871927812096",
     18,
     3,
     {33, 47, 60},
     "1x1 4x3 1x2 1x6 3x10 1x4 1x15 1x5 12x9 1x8 8x9 24x18 2x16"},
    {"resnet18-full",
     "compass-l",
     60,
     1705,
     "576460752300283904",
     18,
     2,
     {51, 60},
     "1x1 4x3 1x2 1x6 3x10 1x4 1x15 1x5 12x9 1x8 8x9 24x18 2x16"},
    {"vgg16-full",
     "compass-s",
     209,
     1396,
     "297",
     44,
     80,
     {},
     "1x1 1x3 1x6 6x5 16x9 40x18 64x98 80x16"},
    {"vgg16-full",
     "compass-m",
     206,
     2210,
     "909",
     56,
     41,
     {},
     "1x1 1x3 1x6 1x10 1x15 1x5 16x9 40x18 64x98 80x16"},
    {"vgg16-full",
     "compass-l",
     206,
     4329,
     "184",
     62,
     17,
     {},
     "1x1 1x3 1x6 1x10 1x15 1x5 16x9 40x18 64x98 80x16"},
};

class NetworkOnChip : public ::testing::TestWithParam<Golden> {
 protected:
  NetworkOnChip() : chip_(network(GetParam().network), GetParam().chip) {}
  UnitSequence units() const { return segments::decompose(chip_.workload(), chip_.architecture()); }
  CompassChip chip_;
};

std::string run_lengths(const UnitSequence& sequence) {
  std::string text;
  const auto& units = sequence.units;
  for (std::size_t i = 0; i < units.size();) {
    std::size_t j = i;
    while (j < units.size() && units[j].size == units[i].size) {
      ++j;
    }
    if (!text.empty()) {
      text.append(" ");
    }
    text.append(std::to_string(j - i)).append("x").append(std::to_string(units[i].size));
    i = j;
  }
  return text;
}

TEST_P(NetworkOnChip, HasTheTablesUnits) {
  const UnitSequence sequence = units();
  EXPECT_EQ(sequence.units.size(), GetParam().units);
  if (!GetParam().run_lengths.empty()) {
    EXPECT_EQ(run_lengths(sequence), GetParam().run_lengths);
  }
}

TEST_P(NetworkOnChip, HasTheTablesSpans) {
  const std::vector<std::int32_t> ends = segments::largest_ends(units());
  std::int64_t spans = 0;
  for (std::size_t a = 0; a < ends.size(); ++a) {
    spans += ends[a] - static_cast<std::int64_t>(a);
  }
  EXPECT_EQ(spans, GetParam().spans);
}

TEST_P(NetworkOnChip, HasTheTablesNumberOfGroups) {
  const std::string groups = segments::number_of_groups(segments::largest_ends(units()));
  EXPECT_EQ(groups.size(), GetParam().digits) << groups;
  if (GetParam().groups.size() == GetParam().digits) {
    EXPECT_EQ(groups, GetParam().groups);
  } else {  // the table gives three digits
    const double shown = std::stod(groups.substr(0, 9)) / 1e6;
    EXPECT_NEAR(shown, std::stod(GetParam().groups), 0.5) << groups;
  }
}

TEST_P(NetworkOnChip, GreedyCutsWhereTheTableSays) {
  const std::vector<std::int32_t> largest = segments::largest_ends(units());
  std::vector<std::int32_t> ends;
  for (std::int32_t at = 0; at < static_cast<std::int32_t>(largest.size()); at = ends.back()) {
    ends.push_back(largest[static_cast<std::size_t>(at)]);
  }
  EXPECT_EQ(ends.size(), GetParam().least_segments);
  if (!GetParam().greedy.empty()) {
    EXPECT_EQ(ends, GetParam().greedy);
  }
}

TEST_P(NetworkOnChip, LargestEndsNeverDecreaseAndAreTheCapacityTest) {
  const UnitSequence sequence = units();
  const std::vector<std::int32_t> ends = segments::largest_ends(sequence);
  EXPECT_TRUE(std::is_sorted(ends.begin(), ends.end()));
  for (std::size_t a = 0; a < ends.size(); ++a) {
    std::int64_t used = 0;
    std::size_t b = a;
    while (b < ends.size() && used + sequence.units[b].size <= sequence.capacity) {
      used += sequence.units[b++].size;
    }
    EXPECT_EQ(ends[a], static_cast<std::int32_t>(b)) << "from unit " << a;
  }
}

TEST_P(NetworkOnChip, UnitsCoverEveryChannelOnceAndAddUpToTheTiling) {
  const UnitSequence sequence = units();
  std::map<OperatorId, std::int64_t> channels;
  std::int64_t crossbars = 0;
  for (const WeightUnit& unit : sequence.units) {
    EXPECT_EQ(unit.channels.begin, channels[unit.op]);
    channels[unit.op] = unit.channels.end;
    crossbars += unit.size;
  }
  for (const auto& [op, end] : channels) {
    EXPECT_EQ(end, chip_.workload().at(op).bounds[Dim::K]);
  }
  const std::map<std::string, std::int64_t> sum_of_tiles = {
      {"vgg16-full", 8456}, {"resnet18-full", 727}, {"squeezenet1.1", 110}};
  EXPECT_EQ(crossbars, sum_of_tiles.at(GetParam().network));
}

std::string test_name(const ::testing::TestParamInfo<Golden>& instance) {
  return as_test_name(instance.param.network + "_" + instance.param.chip);
}
INSTANTIATE_TEST_SUITE_P(Compass, NetworkOnChip, ::testing::ValuesIn(kGolden), test_name);

struct Size {
  const char* network;
  std::size_t layers;
  std::int64_t weights;
  double mib;
  std::int64_t products;  // crossbar MVMs of one inference
};
const Size kSizes[] = {{"vgg16-full", 16, 138344128, 65.968, 1064384},
                       {"resnet18-full", 21, 11678912, 5.569, 130960},
                       {"squeezenet1.1", 26, 1231552, 0.58725, 55718}};

TEST(CompassNetworks, HaveTheSizesOfTheTable) {
  for (const Size& golden : kSizes) {
    const CompassChip chip(network(golden.network), "compass-s");
    std::size_t layers = 0;
    std::int64_t products = 0;
    for (std::size_t i = 0; i < chip.workload().operators().size(); ++i) {
      const Operator& op = chip.workload().operators()[i];
      layers += op.has_macs() ? 1 : 0;
      products += chip.cost().demand(operator_id(i)).units * op.bounds[Dim::P] * op.bounds[Dim::Q];
    }
    EXPECT_EQ(layers, golden.layers) << golden.network;
    EXPECT_EQ(chip.workload().weight_bits(), 4 * golden.weights) << golden.network;
    EXPECT_NEAR(static_cast<double>(chip.workload().weight_bits()) / 8 / (1 << 20), golden.mib,
                0.001)
        << golden.network;
    EXPECT_EQ(products, golden.products) << golden.network;
  }
}

TEST(CompassNetworks, Vgg16CutsAsFarAsTheTablePrintsThem) {
  const std::map<std::string, std::pair<std::vector<std::int32_t>, std::vector<std::int32_t>>>
      golden = {
          {"compass-s", {{20, 30, 38, 46, 54, 62, 65, 66, 67}, {167, 176, 185, 194, 203, 209}}},
          {"compass-m", {{26, 40, 54, 63, 65, 67, 69}, {135, 151, 167, 183, 199, 206}}},
          {"compass-l", {{43, 64, 69, 74}, {114, 119, 124, 149, 185, 206}}}};
  for (const auto& [preset, cuts] : golden) {
    const CompassChip chip(network("vgg16-full"), preset);
    const auto largest =
        segments::largest_ends(segments::decompose(chip.workload(), chip.architecture()));
    std::vector<std::int32_t> ends;
    for (std::int32_t at = 0; at < static_cast<std::int32_t>(largest.size()); at = ends.back()) {
      ends.push_back(largest[static_cast<std::size_t>(at)]);
    }
    EXPECT_TRUE(std::equal(cuts.first.begin(), cuts.first.end(), ends.begin())) << preset;
    EXPECT_TRUE(std::equal(cuts.second.rbegin(), cuts.second.rend(), ends.rbegin())) << preset;
  }
}

TEST(CompassNetworks, ResNet18LargestEndsStartAsTheTableSays) {
  const std::map<std::string, std::vector<std::int32_t>> golden = {
      {"compass-s", {25, 25, 26, 26, 26, 27, 27, 28}},
      {"compass-m", {33, 33, 33, 34, 34, 34, 34, 34}},
      {"compass-l", {51, 51, 51, 51, 51, 52, 52, 52}}};
  for (const auto& [preset, start] : golden) {
    const CompassChip chip(network("resnet18-full"), preset);
    const auto ends =
        segments::largest_ends(segments::decompose(chip.workload(), chip.architecture()));
    EXPECT_TRUE(std::equal(start.begin(), start.end(), ends.begin())) << preset;
  }
}

}  // namespace
}  // namespace imbrex::test
