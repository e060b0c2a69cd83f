// Duplication solvers against exhaustive search and against their literal definitions.
#include "duplication_solvers.hpp"

#include "layer_tables.hpp"

#include <imbrex/plugin/host.hpp>

#include <map>
#include <numeric>
#include <stdexcept>

#include <gtest/gtest.h>

namespace imbrex::duplication {
namespace {

constexpr std::uint64_t kSeed = 53;
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
