// Duplication solvers against exhaustive search, and the duplication vectors of specification
// clsa-cim section 9.3 for the layer tables of section 8.
#include "duplication_solvers.hpp"

#include <imbrex/random.hpp>

#include <map>
#include <numeric>
#include <stdexcept>

#include <gtest/gtest.h>

namespace imbrex::duplication {
namespace {

constexpr std::uint64_t kSeed = 53;
using Copies = std::vector<std::int64_t>;

std::int64_t used(const std::vector<Layer>& layers, const Copies& copies) {
  std::int64_t units = 0;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    units += layers[i].units * (copies[i] - 1);
  }
  return units;
}

// Calls visit(copies) for everything that fits; nothing clever.
template <class Visit>
void for_all(const std::vector<Layer>& layers, std::int64_t extra, Copies& copies,
             std::size_t layer, Visit&& visit) {
  if (layer == layers.size()) {
    visit(copies);
    return;
  }
  for (std::int64_t d = 1; d <= layers[layer].max_copies; ++d) {
    const std::int64_t rest = extra - layers[layer].units * (d - 1);
    if (rest < 0) {
      break;
    }
    copies[layer] = d;
    for_all(layers, rest, copies, layer + 1, visit);
  }
  copies[layer] = 1;
}

// Copies stay below 11 in these tests, so fractions over lcm(1..10) = 2520 are exact.
std::int64_t share(const Layer& layer, std::int64_t copies) {
  return layer.latency * 2520 / copies;
}
std::int64_t largest(const std::vector<Layer>& layers, const Copies& copies) {
  std::int64_t most = 0;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    most = std::max(most, share(layers[i], copies[i]));
  }
  return most;
}
std::int64_t total(const std::vector<Layer>& layers, const Copies& copies) {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    sum += share(layers[i], copies[i]);
  }
  return sum;
}

std::vector<Layer> random_layers(Random& random) {
  std::vector<Layer> layers(random.below(4) + 1);
  for (Layer& layer : layers) {
    layer.units = random.between(1, 4);
    layer.latency = random.between(1, random.below(2) != 0 ? 12 : 400);
    layer.max_copies = layer.latency;
  }
  return layers;
}

void expect_fits(const std::vector<Layer>& layers, const Copies& copies, std::int64_t extra) {
  ASSERT_EQ(copies.size(), layers.size());
  EXPECT_LE(used(layers, copies), extra);
  for (std::size_t i = 0; i < layers.size(); ++i) {
    EXPECT_GE(copies[i], 1);
    EXPECT_LE(copies[i], layers[i].max_copies);
  }
}

TEST(BottleneckStop, IsAsFastAsTheBestOfAllOn3000RandomInstances) {
  Random random(kSeed, 0);
  for (int round = 0; round < 3000; ++round) {
    SCOPED_TRACE("seed " + std::to_string(kSeed) + " round " + std::to_string(round));
    const std::vector<Layer> layers = random_layers(random);
    const std::int64_t extra = random.between(0, 9);
    std::int64_t best = std::numeric_limits<std::int64_t>::max();
    Copies copies(layers.size(), 1);
    for_all(layers, extra, copies, 0,
            [&](const Copies& c) { best = std::min(best, largest(layers, c)); });
    const Copies found = bottleneck_stop(layers, extra);
    expect_fits(layers, found, extra);
    ASSERT_EQ(largest(layers, found), best);
    const Copies skipped = bottleneck_skip(layers, extra);
    expect_fits(layers, skipped, extra);
    ASSERT_EQ(largest(layers, skipped), best);
  }
}

TEST(MinSumDp, EqualsTheBestOfAllOn3000RandomInstances) {
  Random random(kSeed, 1);
  for (int round = 0; round < 3000; ++round) {
    SCOPED_TRACE("seed " + std::to_string(kSeed) + " round " + std::to_string(round));
    const std::vector<Layer> layers = random_layers(random);
    const std::int64_t extra = random.between(0, 9);
    std::int64_t best = std::numeric_limits<std::int64_t>::max();
    Copies copies(layers.size(), 1);
    for_all(layers, extra, copies, 0,
            [&](const Copies& c) { best = std::min(best, total(layers, c)); });
    const Copies found = min_sum_dp(layers, extra);
    expect_fits(layers, found, extra);
    ASSERT_EQ(total(layers, found), best);
    const Copies greedy = min_sum_greedy(layers, extra);
    expect_fits(layers, greedy, extra);
    ASSERT_GE(total(layers, greedy), best);
  }
}

// The loops of specification section 5.3 written down literally, with exact comparisons.
Copies literal_bottleneck(const std::vector<Layer>& layers, std::int64_t extra, bool skip) {
  Copies d(layers.size(), 1);
  for (;;) {
    std::size_t chosen = layers.size();
    for (std::size_t i = 0; i < layers.size(); ++i) {
      if (skip && (layers[i].units > extra || d[i] >= layers[i].max_copies)) {
        continue;
      }
      if (chosen == layers.size() ||
          layers[i].latency * d[chosen] > layers[chosen].latency * d[i]) {
        chosen = i;
      }
    }
    if (chosen == layers.size() || layers[chosen].units > extra ||
        d[chosen] >= layers[chosen].max_copies) {
      return d;
    }
    extra -= layers[chosen].units;
    ++d[chosen];
  }
}

TEST(Bottleneck, QueueEqualsTheLiteralLoop) {
  Random random(kSeed, 2);
  for (int round = 0; round < 2000; ++round) {
    SCOPED_TRACE("seed " + std::to_string(kSeed) + " round " + std::to_string(round));
    std::vector<Layer> layers(random.below(12) + 1);
    for (Layer& layer : layers) {
      layer = {random.between(1, 9), random.between(1, 6) * random.between(1, 6),
               random.between(1, 9)};
    }
    const std::int64_t extra = random.between(0, 60);
    ASSERT_EQ(bottleneck_stop(layers, extra), literal_bottleneck(layers, extra, false));
    ASSERT_EQ(bottleneck_skip(layers, extra), literal_bottleneck(layers, extra, true));
  }
}

TEST(MinSumGreedy, QueueEqualsTheLiteralLoop) {
  Random random(kSeed, 3);
  for (int round = 0; round < 2000; ++round) {
    SCOPED_TRACE("seed " + std::to_string(kSeed) + " round " + std::to_string(round));
    std::vector<Layer> layers(random.below(12) + 1);
    for (Layer& layer : layers) {
      layer = {random.between(1, 9), random.between(1, 6) * random.between(1, 6),
               random.between(1, 9)};
    }
    std::int64_t extra = random.between(0, 60);
    const Copies found = min_sum_greedy(layers, extra);
    Copies d(layers.size(), 1);
    for (;;) {
      std::size_t chosen = layers.size();
      // t/d - t/(d+1) per unit = t / (d (d+1) c), compared crosswise.
      const auto weight = [&](std::size_t i) { return d[i] * (d[i] + 1) * layers[i].units; };
      for (std::size_t i = 0; i < layers.size(); ++i) {
        const bool fits = layers[i].units <= extra && d[i] < layers[i].max_copies;
        if (fits && (chosen == layers.size() ||
                     layers[i].latency * weight(chosen) > layers[chosen].latency * weight(i))) {
          chosen = i;
        }
      }
      if (chosen == layers.size()) {
        break;
      }
      extra -= layers[chosen].units;
      ++d[chosen];
    }
    ASSERT_EQ(found, d);
  }
}

// --- The networks of the specification
// ---------------------------------------------------------------

// (c, t) pairs; t is also the number of positions.
std::vector<Layer> network(std::initializer_list<std::pair<std::int64_t, std::int64_t>> table) {
  std::vector<Layer> layers;
  for (const auto& [c, t] : table) {
    layers.push_back({c, t, t});
  }
  return layers;
}

// Section 8.1.
std::vector<Layer> tiny_yolo_v4() {
  return network({{1, 43264}, {2, 10816}, {3, 10816}, {2, 10816}, {2, 10816}, {1, 10816},
                  {5, 2704},  {3, 2704},  {3, 2704},  {1, 2704},  {9, 676},   {5, 676},
                  {5, 676},   {1, 676},   {36, 169},  {2, 169},   {18, 169},  {2, 169},
                  {1, 169},   {14, 676},  {1, 676}});
}

// Section 8.2.
std::vector<Layer> tiny_yolo_v3() {
  return network({{1, 173056},
                  {1, 43264},
                  {2, 10816},
                  {3, 2704},
                  {5, 676},
                  {18, 169},
                  {72, 169},
                  {4, 169},
                  {18, 169},
                  {2, 169},
                  {1, 169},
                  {14, 676},
                  {1, 676}});
}

// 3x3 convolutions of VGG16 on 224 x 224; c = ceil(9C/256) * ceil(K/256).
std::vector<Layer> vgg16() {
  return network({{1, 50176},
                  {3, 50176},
                  {3, 12544},
                  {5, 12544},
                  {5, 3136},
                  {9, 3136},
                  {9, 3136},
                  {18, 784},
                  {36, 784},
                  {36, 784},
                  {36, 196},
                  {36, 196},
                  {36, 196}});
}

// Keras ResNet50 v1 without classifier: per block [projection if any,] 1x1, 3x3, 1x1.
std::vector<Layer> resnet50() {
  std::vector<Layer> layers = network({{1, 12544}});
  const std::int64_t blocks[] = {3, 4, 6, 3};
  std::int64_t input = 64;
  for (std::int64_t stage = 0; stage < 4; ++stage) {
    const std::int64_t width = std::int64_t{64} << stage;
    const std::int64_t t = (std::int64_t{56} >> stage) * (std::int64_t{56} >> stage);
    const auto tiles = [](std::int64_t rows, std::int64_t columns) {
      return ((rows + 255) / 256) * ((columns + 255) / 256);
    };
    for (std::int64_t block = 0; block < blocks[stage]; ++block) {
      if (block == 0) {
        layers.push_back({tiles(input, 4 * width), t, t});
      }
      layers.push_back({tiles(input, width), t, t});
      layers.push_back({tiles(9 * width, width), t, t});
      layers.push_back({tiles(width, 4 * width), t, t});
      input = 4 * width;
    }
  }
  return layers;
}

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
  // Guards the tables above: section 8.2.
  EXPECT_EQ(minimum(tiny_yolo_v3()), 142);
  EXPECT_EQ(minimum(tiny_yolo_v4()), 117);
  EXPECT_EQ(minimum(vgg16()), 233);
  EXPECT_EQ(minimum(resnet50()), 390);
  EXPECT_EQ(resnet50().size(), 53u);
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

TEST(MinSumDp, GivesMoreCopiesToEarlierOfEqualLayers) {
  EXPECT_EQ(min_sum_dp(network({{1, 100}, {1, 100}, {1, 100}}), 1), (Copies{2, 1, 1}));
  EXPECT_EQ(min_sum_dp(network({{1, 700}, {1, 700}, {1, 700}}), 4), (Copies{3, 2, 2}));
}

TEST(Solvers, StopAtOneCopyPerPosition) {
  const std::vector<Layer> layers = network({{1, 3}, {1, 2}});
  for (const Copies& copies : {bottleneck_stop(layers, 100), bottleneck_skip(layers, 100),
                               min_sum_dp(layers, 100), min_sum_greedy(layers, 100)}) {
    EXPECT_EQ(copies, (Copies{3, 2}));
  }
}

TEST(Solvers, LeaveOneCopyEachWithoutUnitsToSpend) {
  const std::vector<Layer> layers = tiny_yolo_v4();
  const Copies ones(layers.size(), 1);
  EXPECT_EQ(bottleneck_stop(layers, 0), ones);
  EXPECT_EQ(bottleneck_skip(layers, 0), ones);
  EXPECT_EQ(min_sum_dp(layers, 0), ones);
  EXPECT_EQ(min_sum_greedy(layers, 0), ones);
}

TEST(Solvers, CompareExactlyWhereFloatingPointWouldNot) {
  // (2^53 + 1) / 1 against 2^53 / 1: equal as doubles, yet the second layer is slower.
  const std::int64_t big = std::int64_t{1} << 53;
  const std::vector<Layer> layers{{1, big, 100}, {1, big + 1, 100}};
  EXPECT_EQ(bottleneck_stop(layers, 1), (Copies{1, 2}));
  EXPECT_EQ(min_sum_greedy(layers, 1), (Copies{1, 2}));
}

TEST(MinSumDp, CanBeStopped) {
  struct Stop : std::runtime_error {
    Stop() : std::runtime_error("stop") {}
  };
  EXPECT_THROW(min_sum_dp(tiny_yolo_v4(), 32, [] { throw Stop(); }), Stop);
}

TEST(Solvers, TakeAWorkloadWithoutLayers) {
  EXPECT_TRUE(bottleneck_skip({}, 5).empty());
  EXPECT_TRUE(min_sum_dp({}, 5).empty());
}

}  // namespace
}  // namespace imbrex::duplication
