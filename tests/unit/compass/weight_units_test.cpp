// The rule of specification compass section 3 by hand, examples A and C of section 14, and what is
// refused.
#include "compass_kit.hpp"

#include <imbrex/toolkit/segments/weight_units.hpp>

#include <algorithm>
#include <numeric>

#include <gtest/gtest.h>

namespace imbrex::test {
namespace {

// A network of one layer with the given weight matrix.
std::shared_ptr<const Workload> one_layer(std::int64_t rows, std::int64_t columns,
                                          std::int64_t groups = 1) {
  WorkloadBuilder builder("layer");
  ConvolutionParams params;
  params.output_channels = columns * groups;
  params.groups = groups;
  params.weight_bits = params.output_bits = 4;
  builder.convolution("layer", builder.input("x", {4, {1, rows * groups, 2, 2, 1, 1}}, 4), params);
  return std::make_shared<const Workload>(builder.finish());
}
std::vector<std::int64_t> sizes(const Workload& workload, const CompassChip& chip) {
  std::vector<std::int64_t> result;
  for (const WeightUnit& unit : segments::decompose(workload, chip.architecture()).units) {
    result.push_back(unit.size);
  }
  return result;
}
using Sizes = std::vector<std::int64_t>;

TEST(Decompose, PacksColumnTilesIntoCoresAsInExampleC) {
  const auto layer = one_layer(1152, 256);
  EXPECT_EQ(sizes(*layer, CompassChip(layer, "compass-m")), (Sizes{15, 5}));
  EXPECT_EQ(sizes(*layer, CompassChip(layer, "compass-s")), (Sizes{5, 5, 5, 5}));
}

TEST(Decompose, LetsAUnitStraddleCoresWhenOneColumnTileExceedsACore) {
  const auto layer = one_layer(4608, 512);
  EXPECT_EQ(sizes(*layer, CompassChip(layer, "compass-m")), Sizes(8, 18));
}

TEST(Decompose, RefusesSuchUnitsWhenAskedTo) {
  const auto layer = one_layer(4608, 512);
  const CompassChip chip(layer, "compass-m");
  EXPECT_EQ(
      thrown<InfeasibleError>([&] { segments::decompose(*layer, chip.architecture(), true); }),
      "channels [0, 64) of 'layer' need 18 crossbars, the smallest part that can be placed, "
      "but a core has 16: 2 too few");
}

TEST(Decompose, KeepsPackedGroupsTogetherWhileTheyFitACore) {
  // 1 x 16 groups of 16 x 16: 4 weights... 16 channels are 64 columns, so 4 groups per crossbar.
  const auto layer = one_layer(16, 16, 32);
  EXPECT_EQ(sizes(*layer, CompassChip(layer, "compass-s")), (Sizes{8}));
}

TEST(Decompose, CutsPackedGroupsBetweenGroupsWhenTheyExceedACore) {
  // 4 groups per crossbar, 9 crossbars per core: 36 groups per unit.
  const auto layer = one_layer(16, 16, 80);
  const CompassChip chip(layer, "compass-s");
  EXPECT_EQ(sizes(*layer, chip), (Sizes{9, 9, 2}));
  EXPECT_EQ(segments::decompose(*layer, chip.architecture()).units[1].channels,
            (Interval{576, 1152}));
}

TEST(Decompose, CutsLargeGroupsBetweenGroups) {
  // A group of 300 x 80: 2 row tiles, 2 column tiles, so two groups per core of 9.
  const auto layer = one_layer(300, 80, 3);
  const CompassChip chip(layer, "compass-s");
  EXPECT_EQ(sizes(*layer, chip), (Sizes{8, 4}));
  EXPECT_EQ(segments::decompose(*layer, chip.architecture()).units[0].channels, (Interval{0, 160}));
}

TEST(Decompose, GivesAWeightWiderThanACrossbarTheTilesItNeeds) {
  const auto layer = one_layer(10, 3);
  const CompassChip chip(layer, Settings{{"cores", 4}, {"crossbars_per_core", 2}, {"columns", 3}});
  EXPECT_EQ(sizes(*layer, chip), (Sizes{2, 2, 2}));  // 4 cells per weight, 3 per crossbar
}

TEST(Decompose, SaysWhenThereIsNothingToCut) {
  WorkloadBuilder builder("pools");
  builder.activation("relu", builder.input("x", {4, {1, 3, 2, 2, 1, 1}}, 4));
  const auto pools = std::make_shared<const Workload>(builder.finish());
  const CompassChip chip(one_layer(4, 4), "compass-s");
  EXPECT_EQ(thrown<InputError>([&] { segments::decompose(*pools, chip.architecture()); }),
            "workload 'pools' has no operator with constant weights to cut into segments");
}

TEST(Decompose, SaysWhenTheArchitectureHasNeitherCrossbarsNorAnArray) {
  const auto layer = one_layer(4, 4);
  const auto banks = make<ArchitectureModel>("imbrex.architecture.dram-pim", {}, {layer.get()});
  EXPECT_EQ(thrown<InputError>([&] { segments::decompose(*layer, banks->view()); }),
            "segments are cut from weights on crossbars, or layers on an array; '" +
                std::string(banks->view().name) + "' has neither");
}

TEST(LargestEnds, NamesAUnitThatExceedsTheChip) {
  const auto layer = one_layer(4608, 512);
  const CompassChip chip(layer, Settings{{"cores", 2}, {"crossbars_per_core", 8}});
  EXPECT_EQ(
      thrown<InfeasibleError>(
          [&] { segments::largest_ends(segments::decompose(*layer, chip.architecture())); }),
      "channels [0, 64) of 'layer' need 18 crossbars, the smallest part that can be placed, but "
      "the "
      "chip has 16: 2 too few");
}

TEST(NumberOfGroups, CountsThePathsOfExampleA) {
  EXPECT_EQ(segments::number_of_groups(std::vector<std::int32_t>{3, 3, 5, 6, 6, 6}), "22");
}

TEST(NumberOfGroups, EqualsACountByRecursion) {
  Random random(5, 0);
  for (int trial = 0; trial < 300; ++trial) {
    std::vector<std::int32_t> ends(1 + random.below(14));
    std::int32_t last = 0;
    for (std::size_t a = 0; a < ends.size(); ++a) {
      const auto from = std::max<std::int64_t>(last, static_cast<std::int64_t>(a) + 1);
      last = static_cast<std::int32_t>(std::min<std::int64_t>(
          from + random.between(0, 2), static_cast<std::int64_t>(ends.size())));
      ends[a] = last;
    }
    std::vector<std::int64_t> ways(ends.size() + 1);
    ways[ends.size()] = 1;
    for (std::size_t a = ends.size(); a-- > 0;) {
      for (auto b = a + 1; b <= static_cast<std::size_t>(ends[a]); ++b) {
        ways[a] += ways[b];
      }
    }
    EXPECT_EQ(segments::number_of_groups(ends), std::to_string(ways[0])) << "trial " << trial;
  }
}

}  // namespace
}  // namespace imbrex::test
