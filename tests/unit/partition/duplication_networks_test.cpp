// Duplication vectors of specification clsa-cim section 9.3 for the layer tables of section 8.
#include "clsa_figures.hpp"
#include "layer_tables.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include <gtest/gtest.h>

namespace imbrex::duplication {
namespace {

Copies with(std::size_t count, const std::map<std::size_t, std::int64_t>& more) {
  Copies copies(count, 1);
  for (const auto& [layer, d] : more) {
    copies[layer] = d;
  }
  return copies;
}

std::int64_t minimum(const std::vector<Layer>& layers) {
  std::int64_t units = 0;
  for (const Layer& layer : layers) {
    units += layer.units;
  }
  return units;
}

TEST(Networks, HaveTheMinimumUnitsOfTheSpecification) {
  EXPECT_EQ(minimum(tiny_yolo_v3()), test::clsa_figures("tinyyolov3").minimum_pes);
  EXPECT_EQ(minimum(tiny_yolo_v4()), test::clsa_figures("tinyyolov4").minimum_pes);
  EXPECT_EQ(minimum(vgg16()), test::clsa_figures("vgg16").minimum_pes);
  EXPECT_EQ(minimum(resnet50()), test::clsa_figures("resnet50").minimum_pes);
  EXPECT_EQ(resnet50().size(), test::clsa_figures("resnet50").layers);
}

TEST(BottleneckSkip, GivesTheVectorsOfTheSpecificationForTinyYoloV3) {
  EXPECT_EQ(bottleneck_skip(tiny_yolo_v3(), 16), with(13, {{0, 14}, {1, 4}}));
  EXPECT_EQ(bottleneck_skip(tiny_yolo_v3(), 32), with(13, {{0, 25}, {1, 7}, {2, 2}}));
}

TEST(BottleneckSkip, GivesTheVectorsOfTheSpecificationForTinyYoloV4) {
  EXPECT_EQ(bottleneck_skip(tiny_yolo_v4(), 16),
            with(21, {{0, 7}, {1, 2}, {2, 2}, {3, 2}, {4, 2}, {5, 2}}));
  EXPECT_EQ(bottleneck_skip(tiny_yolo_v4(), 32),
            with(21, {{0, 13}, {1, 3}, {2, 3}, {3, 3}, {4, 3}, {5, 3}}));
}

TEST(BottleneckSkip, GivesTheVectorsOfTheSpecificationForVgg16) {
  EXPECT_EQ(bottleneck_skip(vgg16(), 16), with(13, {{0, 5}, {1, 5}}));
  EXPECT_EQ(bottleneck_skip(vgg16(), 32), with(13, {{0, 7}, {1, 7}, {2, 2}, {3, 2}}));
}

TEST(BottleneckSkip, GivesTheVectorsOfTheSpecificationForResNet50) {
  std::map<std::size_t, std::int64_t> x16{{0, 5}};
  for (std::size_t i = 1; i <= 8; ++i) {
    x16[i] = 2;
  }
  EXPECT_EQ(bottleneck_skip(resnet50(), 16), with(53, x16));
  EXPECT_EQ(bottleneck_skip(resnet50(), 32), with(53, {{0, 9},
                                                       {1, 3},
                                                       {2, 3},
                                                       {3, 3},
                                                       {4, 3},
                                                       {5, 3},
                                                       {6, 2},
                                                       {7, 3},
                                                       {8, 2},
                                                       {9, 2},
                                                       {10, 2}}));
}

TEST(Bottleneck, StopUsesSixAndSkipEightOfEightUnitsOnTinyYoloV4) {
  // Section 10, pitfall 9.
  EXPECT_EQ(used(tiny_yolo_v4(), bottleneck_stop(tiny_yolo_v4(), 8)), 6);
  EXPECT_EQ(used(tiny_yolo_v4(), bottleneck_skip(tiny_yolo_v4(), 8)), 8);
}

TEST(MinSumDp, GivesTheCopiesOfTheSpecificationForTinyYoloV3) {
  // Section 5.4: at x = 32 the first three layers get (20, 10, 3).
  const Copies copies = min_sum_dp(tiny_yolo_v3(), 32);
  EXPECT_EQ(copies[0], 20);
  EXPECT_EQ(copies[1], 10);
  EXPECT_EQ(copies[2], 3);
}

}  // namespace
}  // namespace imbrex::duplication
