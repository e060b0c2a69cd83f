// Crossing two loop nests (plugins/search/genetic/genetic_layers.hpp).
#include "genetic_layers.hpp"

#include <imbrex/toolkit/mapspace/map_space.hpp>

#include <map>
#include <string>

#include <gtest/gtest.h>

namespace imbrex::search {
namespace {

// Three levels, one of which fans out to 8.
MapSpaceSpec three_levels() {
  MapSpaceSpec spec;
  spec.bounds[Dim::K] = 12;
  spec.bounds[Dim::C] = 8;
  spec.bounds[Dim::P] = 6;
  MapSlot steps;
  steps.name = "steps";
  MapSlot buffer;
  buffer.name = "buffer";
  buffer.level = 1;
  buffer.outer = false;
  MapSlot array = buffer;
  array.name = "array";
  array.kind = LoopKind::spatial;
  array.ordered = false;
  array.fanout = 8;
  MapSlot inside;
  inside.name = "inside";
  inside.level = 2;
  inside.outer = false;
  spec.slots = {steps, buffer, array, inside};
  return spec;
}

using Place = std::pair<int, int>;  // level, kind
std::map<Place, std::int64_t> bounds_of(const Mapping& mapping, Dim dim) {
  std::map<Place, std::int64_t> bounds;
  for (const Loop& loop : mapping.all_loops()) {
    if (loop.dim == dim) {
      bounds[{loop.level, static_cast<int>(loop.kind)}] = loop.bound;
    }
  }
  return bounds;
}

std::int64_t fanout_of(const Mapping& mapping) {
  std::int64_t product = 1;
  for (const Loop& loop : mapping.all_loops()) {
    product *= loop.kind == LoopKind::spatial ? loop.bound : 1;
  }
  return product;
}

TEST(Crossed, TakesEveryDimensionFromOneParent) {
  const mapspace::MapSpace space(three_levels());
  constexpr std::uint64_t kSeed = 17;
  int legal = 0;
  int mixed = 0;
  for (std::uint64_t trial = 0; trial < 2000; ++trial) {
    SCOPED_TRACE("seed " + std::to_string(kSeed) + ", trial " + std::to_string(trial));
    Random random(kSeed, trial);
    const Mapping a = space.sample(random);
    const Mapping b = space.sample(random);
    const auto from_b = static_cast<DimMask>(random.below(256));
    const Mapping child = genetic::crossed(space.spec(), a, b, from_b, random);
    for (const Dim dim : {Dim::K, Dim::C, Dim::P}) {
      ASSERT_EQ(bounds_of(child, dim), bounds_of((from_b & dim_bit(dim)) != 0 ? b : a, dim));
    }
    // Nothing but the fan-out can be wrong.
    ASSERT_EQ(space.contains(child), fanout_of(child) <= 8);
    legal += space.contains(child) ? 1 : 0;
    mixed += child != a && child != b ? 1 : 0;
  }
  EXPECT_GT(legal, 1000);
  EXPECT_GT(mixed, 500);
}

TEST(Crossed, IsTheFirstParentWhenNothingComesFromTheOther) {
  const mapspace::MapSpace space(three_levels());
  Random random(3, 0);
  for (int trial = 0; trial < 200; ++trial) {
    const Mapping a = space.sample(random);
    const Mapping b = space.sample(random);
    EXPECT_EQ(genetic::crossed(space.spec(), a, b, 0, random), a);
    EXPECT_EQ(genetic::crossed(space.spec(), a, a, 0x5a, random), a);
  }
}

}  // namespace
}  // namespace imbrex::search
