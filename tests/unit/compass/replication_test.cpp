// Specification compass sections 6, 14 E and 15.9.
#include <imbrex/plugin/host.hpp>
#include <imbrex/toolkit/segments/replication.hpp>
#include <imbrex/values/region.hpp>

#include <algorithm>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

using Copies = std::vector<std::int64_t>;
using Layers = std::vector<segments::ReplicatedLayer>;

TEST(BalanceCopies, SolvesExampleE) {
  const Layers layers = {{12544, 1}, {3136, 3}};
  Copies copies(2);
  EXPECT_EQ(segments::balance_copies(layers, 16, 0, copies), 1568);
  EXPECT_EQ(copies, (Copies{8, 2}));
}

TEST(BalanceCopies, HonoursTheLimit) {
  const Layers layers = {{12544, 1}, {3136, 3}};
  Copies copies(2);
  EXPECT_EQ(segments::balance_copies(layers, 16, 4, copies), 3136);
  EXPECT_EQ(copies, (Copies{4, 1}));
}

// A recurrence of 100 steps keeps its one copy, however much is free; others need no more than its
// pace asks for.
TEST(BalanceCopies, NeverCopiesAChain) {
  const Layers layers = {{100, 1, 1}, {400, 1}, {90, 1}};
  Copies copies(3);
  EXPECT_EQ(segments::balance_copies(layers, 1000, 0, copies), 100);
  EXPECT_EQ(copies, (Copies{1, 4, 1}));
  EXPECT_EQ(segments::heap_copies(layers, 1000, 0, 0, copies), 100);
  EXPECT_EQ(copies[0], 1);
}

TEST(BalanceCopies, NeverCopiesADenseLayer) {
  const Layers layers = {{1, 5}, {1, 7}};
  Copies copies(2);
  EXPECT_EQ(segments::balance_copies(layers, 1000, 0, copies), 1);
  EXPECT_EQ(copies, (Copies{1, 1}));
}

TEST(BalanceCopies, StaysSingleOnAFullChip) {
  const Layers layers = {{100, 6}, {50, 4}};
  Copies copies(2);
  EXPECT_EQ(segments::balance_copies(layers, 10, 0, copies), 100);
  EXPECT_EQ(copies, (Copies{1, 1}));
}

struct Instance {
  Layers layers;
  std::int64_t capacity = 0;
  std::int64_t limit = 0;
};
Instance random_instance(std::uint64_t trial) {
  Random random(17, trial);
  Instance instance;
  instance.layers.resize(1 + random.below(4));
  for (segments::ReplicatedLayer& layer : instance.layers) {
    layer = {random.between(1, 12), random.between(1, 3)};
    instance.capacity += layer.units;
  }
  instance.capacity += random.between(0, 12);
  instance.limit = random.between(0, 5);
  return instance;
}

// Every choice of copies, one by one.
std::int64_t by_enumeration(const Instance& instance, std::size_t next, std::int64_t left) {
  if (next == instance.layers.size()) {
    return 1;
  }
  const segments::ReplicatedLayer& layer = instance.layers[next];
  std::int64_t best = INT64_MAX;
  const std::int64_t most =
      instance.limit > 0 ? std::min(instance.limit, layer.windows) : layer.windows;
  for (std::int64_t r = 1; r <= most && r * layer.units <= left; ++r) {
    const std::int64_t rest = by_enumeration(instance, next + 1, left - r * layer.units);
    best = std::min(best, std::max(rest, ceil_div(layer.windows, r)));
  }
  return best;
}

TEST(BalanceCopies, EqualsEnumerationOnRandomInstances) {
  for (std::uint64_t trial = 0; trial < 2000; ++trial) {
    const Instance instance = random_instance(trial);
    Copies copies(instance.layers.size());
    const std::int64_t slowest =
        segments::balance_copies(instance.layers, instance.capacity, instance.limit, copies);
    ASSERT_EQ(slowest, by_enumeration(instance, 0, instance.capacity)) << "trial " << trial;
    std::int64_t used = 0;
    std::int64_t really = 1;
    for (std::size_t i = 0; i < copies.size(); ++i) {
      used += copies[i] * instance.layers[i].units;
      really = std::max(really, ceil_div(instance.layers[i].windows, copies[i]));
      ASSERT_GE(copies[i], 1);
      ASSERT_LE(copies[i], instance.layers[i].windows);
      ASSERT_TRUE(instance.limit == 0 || copies[i] <= instance.limit);
    }
    ASSERT_LE(used, instance.capacity) << "trial " << trial;
    ASSERT_EQ(really, slowest) << "trial " << trial;
  }
}

// Few kinds of layers and many, with and without limits, until the chip is full.
Layers random_layers(Random& random, std::int64_t kinds) {
  Layers layers(1 + random.below(30));
  for (segments::ReplicatedLayer& layer : layers) {
    layer = {random.between(1, kinds) * random.between(1, 2), random.between(1, 4),
             random.below(8) == 0 ? random.between(1, 3) : 0};
  }
  return layers;
}

TEST(GrowingBalance, EqualsBalanceCopiesOfAllLayersSoFar) {
  int slowed = 0;
  for (std::uint64_t trial = 0; trial < 3000; ++trial) {
    Random random(29, trial);
    const Layers layers = random_layers(random, trial % 2 == 0 ? 3 : 60);
    const std::int64_t capacity = random.between(4, 150);
    const std::int64_t limit = random.between(0, 5);
    segments::GrowingBalance growing(capacity, limit);
    growing.add({7, 1});
    growing.clear();
    std::int64_t needed = 0;
    std::int64_t before = 1;
    for (std::size_t i = 0; i < layers.size(); ++i) {
      needed += layers[i].units;
      if (needed > capacity) {
        break;
      }
      growing.add(layers[i]);
      Copies copies(i + 1);
      const auto so_far = std::span(layers).first(i + 1);
      ASSERT_EQ(growing.slowest(), segments::balance_copies(so_far, capacity, limit, copies))
          << "trial " << trial << " layer " << i;
      std::int64_t used = 0;
      for (std::size_t k = 0; k <= i; ++k) {
        used += layers[k].units * copies[k];
      }
      ASSERT_EQ(growing.used(), used) << "trial " << trial << " layer " << i;
      slowed += growing.slowest() > before ? 1 : 0;
      before = growing.slowest();
    }
  }
  EXPECT_GT(slowed, 3000);
}

TEST(GrowingBalance, TakesUnitsOfOneLayerOneByOne) {
  segments::GrowingBalance apart(20, 4);
  segments::GrowingBalance together(20, 4);
  for (int unit = 0; unit < 5; ++unit) {
    apart.add({100, 2});
  }
  together.add({100, 10});
  EXPECT_EQ(apart.slowest(), 50);
  EXPECT_EQ(apart.slowest(), together.slowest());
  EXPECT_EQ(apart.used(), together.used());
}

TEST(HeapCopies, NeverBeatsTheExactOneAndStaysInsideItsLimits) {
  for (std::uint64_t trial = 0; trial < 2000; ++trial) {
    const Instance instance = random_instance(trial);
    Copies exact(instance.layers.size());
    Copies heap(instance.layers.size());
    const std::int64_t best =
        segments::balance_copies(instance.layers, instance.capacity, instance.limit, exact);
    const double margin = static_cast<double>(trial % 3) / 2;
    ASSERT_GE(
        segments::heap_copies(instance.layers, instance.capacity, instance.limit, margin, heap),
        best)
        << "trial " << trial;
    std::int64_t used = 0;
    for (std::size_t i = 0; i < heap.size(); ++i) {
      used += heap[i] * instance.layers[i].units;
      ASSERT_LE(heap[i], instance.layers[i].windows);
      ASSERT_TRUE(instance.limit == 0 || heap[i] <= instance.limit);
    }
    ASSERT_LE(used, instance.capacity) << "trial " << trial;
  }
}

TEST(HeapCopies, StopsWhenTheSlowestDoesNotFitAlthoughOthersWould) {
  const Layers layers = {{100, 6}, {50, 1}};
  Copies copies(2);
  EXPECT_EQ(segments::heap_copies(layers, 10, 0, 0, copies), 100);
  EXPECT_EQ(copies, (Copies{1, 1}));
}

TEST(HeapCopies, KeepsTheSpareMargin) {
  // 20 units, 8 of them for single copies; the margin of 0.5 keeps 4 free: 8 go to copies.
  const Layers layers = {{100, 4}, {100, 4}};
  Copies copies(2);
  EXPECT_EQ(segments::heap_copies(layers, 20, 0, 0.5, copies), 50);
  EXPECT_EQ(copies, (Copies{2, 2}));
  EXPECT_EQ(segments::heap_copies(layers, 19, 0, 0.5, copies), 100);
  EXPECT_EQ(copies, (Copies{2, 1}));
}

TEST(HeapCopies, LeavesLayersWithOneWindowSingle) {
  const Layers layers = {{1, 4}, {9, 2}};
  Copies copies(2);
  EXPECT_EQ(segments::heap_copies(layers, 100, 0, 0, copies), 1);
  EXPECT_EQ(copies, (Copies{1, 9}));
}

}  // namespace
}  // namespace imbrex
