// Specification compass sections 5 and 15.8.
#include "compass_kit.hpp"
#include "random_segments.hpp"

#include <imbrex/toolkit/segments/segment_traffic.hpp>
#include <imbrex/toolkit/segments/weight_units.hpp>

#include <numeric>

#include <gtest/gtest.h>

namespace imbrex::test {
namespace {

// ResNet18 on the large chip at 4 bits; spans named by the order of layers, which the units cover.
struct ResNetTraffic : ::testing::Test {
  std::shared_ptr<const Workload> workload = network("resnet18-full");
  CompassChip chip{workload, "compass-l"};
  UnitSequence units = segments::decompose(*workload, chip.architecture());
  segments::SliceTraffic traffic{units};

  // Layers [first, last] in the order of section 2, counted from 0.
  UnitSpan layers(std::size_t first, std::size_t last) const {
    UnitSpan span{-1, 0};
    std::size_t layer = 0;
    for (std::size_t i = 0; i < units.units.size(); ++i) {
      layer += i > 0 && units.units[i].op != units.units[i - 1].op ? 1 : 0;
      if (layer == first && span.begin < 0) {
        span.begin = static_cast<std::int32_t>(i);
      }
      if (layer <= last) {
        span.end = static_cast<std::int32_t>(i) + 1;
      }
    }
    return span;
  }
  void expect(UnitSpan span, std::int64_t load, std::int64_t store) const {
    EXPECT_EQ(traffic.load_bits(span), 4 * load);
    EXPECT_EQ(traffic.store_bits(span), 4 * store);
  }
};

TEST_F(ResNetTraffic, OfTheStemAlone) {
  expect(layers(0, 0), 150528, 200704);
}
TEST_F(ResNetTraffic, KeepsThePooledMapForTheResidualAdd) {
  expect(layers(0, 1), 150528, 401408);
}
TEST_F(ResNetTraffic, OfAFirstConvolutionAlone) {
  expect(layers(1, 1), 200704, 200704);
}
TEST_F(ResNetTraffic, LoadsTheShortcutWithTheSecondConvolution) {
  expect(layers(2, 2), 401408, 200704);
}
TEST_F(ResNetTraffic, OfAWholeStage) {
  expect(layers(1, 4), 200704, 200704);
}
TEST_F(ResNetTraffic, LoadsATensorOnceForTwoReaders) {
  expect(layers(5, 7), 200704, 100352);
}
TEST_F(ResNetTraffic, OfTheWholeNetworkIsItsInputAndItsResult) {
  expect({0, static_cast<std::int32_t>(units.units.size())}, 150528, 1000);
}

TEST(SliceTraffic, CountsTheWholeBatch) {
  const auto one = network("resnet18-full");
  const auto eight = network("resnet18-full", 8);
  const CompassChip chip(one, "compass-s");
  const segments::SliceTraffic of_one(segments::decompose(*one, chip.architecture()));
  const segments::SliceTraffic of_eight(segments::decompose(*eight, chip.architecture()));
  for (std::int32_t a = 0; a < 60; a += 7) {
    EXPECT_EQ(of_eight.load_bits({a, a + 5}), 8 * of_one.load_bits({a, a + 5}));
    EXPECT_EQ(of_eight.store_bits({a, a + 5}), 8 * of_one.store_bits({a, a + 5}));
  }
}

// Two slices of one layer in two segments: its input is read twice, its output kept as slices.
TEST(SliceTraffic, OfASplitLayerLoadsItsInputTwiceAndStoresSlices) {
  WorkloadBuilder builder("split");
  ConvolutionParams params;
  params.output_channels = 10;
  params.weight_bits = params.output_bits = 4;
  TensorId x = builder.input("x", {4, {1, 8, 3, 3, 1, 1}}, 4);
  x = builder.activation("relu", builder.convolution("a", x, params));
  builder.convolution("b", x, params);
  const Workload workload = builder.finish();
  const OperatorId a = operator_id(0);
  const OperatorId b = operator_id(2);
  const std::vector<segments::ChannelHome> homes = {
      {a, {0, 4}, 0}, {a, {4, 10}, 1}, {b, {0, 10}, 2}};
  const segments::SliceTraffic traffic(workload, homes);
  EXPECT_EQ(traffic.load_bits({0, 1}), 4 * 8 * 9);
  EXPECT_EQ(traffic.load_bits({1, 2}), 4 * 8 * 9);
  EXPECT_EQ(traffic.store_bits({0, 1}), 4 * 4 * 9);
  EXPECT_EQ(traffic.store_bits({1, 2}), 4 * 6 * 9);
  EXPECT_EQ(traffic.load_bits({2, 3}), 4 * 10 * 9);
  EXPECT_EQ(traffic.load_bits({1, 3}), 4 * (8 + 4) * 9);  // the rest of a is at hand
  EXPECT_EQ(traffic.store_bits({0, 2}), 4 * 10 * 9);
}

TEST(SliceTraffic, OfASplitAddLoadsOnlyItsSliceOfTheShortcut) {
  WorkloadBuilder builder("shortcut");
  ConvolutionParams params;
  params.output_channels = 8;
  params.weight_bits = params.output_bits = 4;
  const TensorId x = builder.input("x", {4, {1, 8, 3, 3, 1, 1}}, 4);
  const TensorId stem = builder.convolution("stem", x, params);
  const TensorId main = builder.convolution("main", stem, params);
  const TensorId sum[] = {main, stem};
  builder.convolution("next", builder.elementwise("add", sum), params);
  const Workload workload = builder.finish();
  // The stem has an only reader besides the add, which comes first; then the slices of main.
  const std::vector<segments::ChannelHome> homes = {{operator_id(0), {0, 8}, 0},
                                                    {operator_id(1), {0, 2}, 1},
                                                    {operator_id(1), {2, 8}, 2},
                                                    {operator_id(3), {0, 8}, 3}};
  const segments::SliceTraffic traffic(workload, homes);
  EXPECT_EQ(traffic.load_bits({1, 2}), 4 * 8 * 9);  // main reads all of the stem
  EXPECT_EQ(traffic.store_bits({1, 2}), 4 * 2 * 9);
  EXPECT_EQ(traffic.load_bits({3, 4}), 4 * 8 * 9);
  EXPECT_EQ(traffic.load_bits({2, 4}), 4 * (8 + 2) * 9);
}

TEST(SliceTraffic, KeepsHeadsApartThroughReshapeAndTranspose) {
  WorkloadBuilder builder("heads");
  const TensorId x = builder.input("x", {3, {1, 5, 8, 1, 1, 1}}, 4);
  TensorId q = builder.dense("q", x, 6, 4, 4);
  q = builder.reshape("split", q, {4, {1, 5, 3, 2, 1, 1}});
  const std::int64_t heads_first[] = {0, 2, 1, 3};
  builder.transpose("heads", q, heads_first);
  const Workload workload = builder.finish();
  const std::vector<segments::ChannelHome> homes = {{operator_id(0), {0, 2}, 0},
                                                    {operator_id(0), {2, 6}, 1}};
  const segments::SliceTraffic traffic(workload, homes);
  EXPECT_EQ(traffic.store_bits({0, 1}), 4 * 5 * 2);
  EXPECT_EQ(traffic.store_bits({1, 2}), 4 * 5 * 4);
  EXPECT_EQ(traffic.load_bits({1, 2}), 4 * 5 * 8);
}

// A strided window leaves rows of its input unread; nobody stores rows of their own for that.
TEST(SliceTraffic, CountsWholeRowsWhateverTheStride) {
  WorkloadBuilder builder("strided");
  ConvolutionParams params;
  params.output_channels = 2;
  params.weight_bits = params.output_bits = 4;
  params.window.stride = {2, 2};
  builder.convolution("conv", builder.input("x", {4, {1, 3, 6, 6, 1, 1}}, 4), params);
  const Workload workload = builder.finish();
  const std::vector<segments::ChannelHome> homes = {{operator_id(0), {0, 2}, 0}};
  EXPECT_EQ(segments::SliceTraffic(workload, homes).load_bits({0, 1}), 4 * 3 * 36);
}

TEST(SliceTraffic, HoldsWhatDependsOnInputsAloneFromTheBeginning) {
  WorkloadBuilder builder("before");
  ConvolutionParams params;
  params.output_channels = 2;
  params.weight_bits = params.output_bits = 4;
  const TensorId x = builder.input("x", {4, {1, 4, 2, 2, 1, 1}}, 4);
  builder.convolution("conv", builder.activation("scale", x), params);
  const Workload workload = builder.finish();
  const std::vector<segments::ChannelHome> homes = {{operator_id(1), {0, 2}, 0}};
  EXPECT_EQ(segments::SliceTraffic(workload, homes).load_bits({0, 1}), 4 * 4 * 4);
}

TEST(SliceTraffic, EqualsCountingChannelByChannelOnRandomNetworks) {
  for (std::uint64_t trial = 0; trial < 1000; ++trial) {
    const RandomSegments random(trial);
    const segments::SliceTraffic traffic(random.workload(), random.homes());
    for (std::int32_t a = 0; a < random.positions(); ++a) {
      for (std::int32_t b = a + 1; b <= random.positions(); ++b) {
        ASSERT_EQ(traffic.load_bits({a, b}), random.load_bits(a, b))
            << "trial " << trial << " span " << a << ".." << b;
        ASSERT_EQ(traffic.store_bits({a, b}), random.store_bits(a, b))
            << "trial " << trial << " span " << a << ".." << b;
        const std::int64_t load_before = b - 1 > a ? random.load_bits(a, b - 1) : 0;
        const std::int64_t store_before = b - 1 > a ? random.store_bits(a, b - 1) : 0;
        ASSERT_EQ(traffic.load_growth({a, b}), random.load_bits(a, b) - load_before)
            << "trial " << trial << " span " << a << ".." << b;
        ASSERT_EQ(traffic.store_growth({a, b}), random.store_bits(a, b) - store_before)
            << "trial " << trial << " span " << a << ".." << b;
      }
    }
  }
}

}  // namespace
}  // namespace imbrex::test
