// MapSpace against exhaustive enumeration of everything that could be a mapping, filtered by the
// definition of membership.
#include "map_space_twin.hpp"

#include <imbrex/plugin/error.hpp>
#include <imbrex/toolkit/mapspace/map_space.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include <gtest/gtest.h>

namespace imbrex {
namespace {

using test::enumerate;
using test::Key;
using test::key_of;

MapSlot slot(std::string name, LoopKind kind, std::uint8_t level, bool outer, bool ordered) {
  MapSlot result;
  result.name = std::move(name);
  result.kind = kind;
  result.level = level;
  result.outer = outer;
  result.ordered = ordered;
  return result;
}

// Bank temporal (ordered), bank spatial (fan-out 6), lanes (fan-out 8), inner temporal.
MapSpaceSpec small_spec(std::int64_t k, std::int64_t c, std::int64_t p) {
  MapSpaceSpec spec;
  spec.bounds[Dim::K] = k;
  spec.bounds[Dim::C] = c;
  spec.bounds[Dim::P] = p;
  spec.slots = {slot("bank temporal", LoopKind::temporal, 0, true, true),
                slot("bank spatial", LoopKind::spatial, 0, true, false),
                slot("lanes", LoopKind::spatial, 1, false, false),
                slot("inner", LoopKind::temporal, 1, false, false)};
  spec.slots[1].fanout = 6;
  spec.slots[2].fanout = 8;
  return spec;
}

void expect_equal_to_enumeration(const MapSpaceSpec& spec) {
  const mapspace::MapSpace space(spec);
  std::set<Key> unranked;
  for (mapspace::MapSpace::Index i = 0; i < space.size(); ++i) {
    const Mapping mapping = space.at(i);
    EXPECT_TRUE(space.contains(mapping));
    EXPECT_TRUE(unranked.insert(key_of(mapping)).second) << "an index repeats a mapping";
  }
  EXPECT_EQ(unranked, enumerate(space));
}

TEST(MapSpace, CountsAndUnranksExactlyTheLegalMappings) {
  expect_equal_to_enumeration(small_spec(4, 2, 2));
  expect_equal_to_enumeration(small_spec(1, 6, 2));
  expect_equal_to_enumeration(small_spec(3, 2, 3));
}

TEST(MapSpace, CountsImperfectFactors) {
  MapSpaceSpec spec = small_spec(5, 1, 3);
  spec.slots[0].imperfect = true;
  expect_equal_to_enumeration(spec);
  spec.slots[1].imperfect = true;
  expect_equal_to_enumeration(spec);
}

TEST(MapSpace, HonoursConstraints) {
  MapSpaceSpec spec = small_spec(2, 2, 4);
  spec.factors = {{Dim::K, 2, 2, 2, "K = 2 in lanes"}, {Dim::P, 1, 1, 3, "P <= 3 over banks"}};
  spec.slots[0].dims = dim_bit(Dim::P) | dim_bit(Dim::C);
  spec.orders = {{0, {Dim::P}}};
  spec.slots[1].fanout_floor = 3;
  expect_equal_to_enumeration(spec);
  const mapspace::MapSpace space(spec);
  ASSERT_FALSE(space.empty());
  for (mapspace::MapSpace::Index i = 0; i < space.size(); ++i) {
    const Mapping mapping = space.at(i);
    std::int64_t banks = 1;
    for (const Loop& loop : mapping.all_loops()) {
      const bool spatial_bank = loop.level == 0 && loop.kind == LoopKind::spatial;
      banks *= spatial_bank ? loop.bound : 1;
      EXPECT_FALSE(spatial_bank && loop.dim == Dim::P && loop.bound > 3);
      EXPECT_FALSE(loop.level == 0 && loop.kind == LoopKind::temporal && loop.dim == Dim::K);
    }
    EXPECT_GE(banks, 3);
  }
}

// K = 2^3 over two ordered temporal slots and nothing else: C(3+1, 1) = 4 mappings, by hand.
TEST(MapSpace, CountMatchesHandCalculation) {
  MapSpaceSpec spec;
  spec.bounds[Dim::K] = 8;
  spec.slots = {slot("outer", LoopKind::temporal, 0, true, true),
                slot("inner", LoopKind::temporal, 1, false, true)};
  EXPECT_EQ(static_cast<std::uint64_t>(mapspace::MapSpace(spec).size()), 4u);
  // With C = 2 as well: K in 4 ways, C in 2; both outer (3 of 8 pairs): 2 orders; both inner
  // (3): 2.
  spec.bounds[Dim::C] = 2;
  EXPECT_EQ(static_cast<std::uint64_t>(mapspace::MapSpace(spec).size()), 14u);
}

TEST(MapSpace, SamplesUniformly) {
  const mapspace::MapSpace space(small_spec(4, 2, 2));
  const auto size = static_cast<std::size_t>(space.size());
  std::map<Key, std::size_t> hits;
  Random random(7, 1);
  const std::size_t draws = 400 * size;
  for (std::size_t i = 0; i < draws; ++i) {
    ++hits[key_of(space.sample(random))];
  }
  ASSERT_EQ(hits.size(), size);
  for (const auto& [key, count] : hits) {  // 400 +- 6 standard deviations of 20
    EXPECT_GT(count, 280u);
    EXPECT_LT(count, 520u);
  }
}

TEST(MapSpace, NeighboursAreLegalAndReachEverything) {
  const mapspace::MapSpace space(small_spec(4, 2, 3));
  Random random(11, 2);
  std::set<Key> seen;
  Mapping at = space.at(0);
  for (int i = 0; i < 200000; ++i) {
    const Mapping next = space.neighbour(at, random);
    ASSERT_TRUE(space.contains(next));
    at = next;
    seen.insert(key_of(at));
  }
  EXPECT_EQ(seen.size(), static_cast<std::size_t>(space.size()));
}

TEST(MapSpace, NamesWhatEmptiesIt) {
  MapSpaceSpec spec = small_spec(4, 2, 1);
  spec.factors = {{Dim::C, 1, 1, 1, "C = 1 over banks"}, {Dim::K, 2, 3, 3, "K = 3 in lanes"}};
  const mapspace::MapSpace space(spec);
  EXPECT_TRUE(space.empty());
  MapSpaceSpec nearest = spec;
  nearest.factors[1].minimum = nearest.factors[1].maximum = 2;
  MapSpaceSpec without = spec;
  without.factors.pop_back();
  EXPECT_EQ(space.why_empty(), "no mapping satisfies K = 3 in lanes; with K = 2 there are " +
                                   std::to_string(enumerate(mapspace::MapSpace(nearest)).size()) +
                                   "; without it there are " +
                                   std::to_string(enumerate(mapspace::MapSpace(without)).size()));
  spec = small_spec(4, 1, 1);
  spec.slots[1].fanout_floor = 5;
  EXPECT_EQ(mapspace::MapSpace(spec).why_empty(),
            "no mapping reaches 5 of 6 in slot 'bank spatial'; 4 can be reached");
  EXPECT_EQ(mapspace::MapSpace(small_spec(4, 2, 6)).why_empty(), "");
}

// Nothing is left for K; removing any of the four helps, and all are named.
TEST(MapSpace, NamesAllConstraintsOfWhichOneMustGo) {
  MapSpaceSpec spec = small_spec(2, 1, 1);
  const auto forbid = [&](std::size_t slot, std::string origin) {
    spec.factors.push_back({Dim::K, slot, 1, 1, std::move(origin)});
    spec.slots[slot].dims = static_cast<DimMask>(spec.slots[slot].dims & ~dim_bit(Dim::K));
  };
  forbid(0, "no K outside");
  forbid(1, "no K over banks");
  forbid(2, "no K in lanes");
  forbid(3, "no K inside");
  const std::string text = mapspace::MapSpace(spec).why_empty();
  EXPECT_EQ(text,
            "no mapping satisfies no K outside; without it there are 1; without no K over banks "
            "there are 1; without no K in lanes there are 1; without no K inside there are 1");
}

TEST(MapSpace, SaysWhenSeveralConstraintsMustGo) {
  MapSpaceSpec spec = small_spec(4, 1, 1);
  spec.factors = {{Dim::K, 0, 3, 3, "K = 3 outside"}, {Dim::K, 1, 3, 3, "K = 3 over banks"}};
  EXPECT_EQ(mapspace::MapSpace(spec).why_empty(), "no mapping satisfies K = 3 outside");
  // K = 4 is used up outside; over banks and in lanes there would have to be 2 each.
  spec.factors = {{Dim::K, 0, 4, 4, "K = 4 outside"},
                  {Dim::K, 1, 2, 2, "K = 2 over banks"},
                  {Dim::K, 2, 2, 2, "K = 2 in lanes"}};
  EXPECT_EQ(mapspace::MapSpace(spec).why_empty(),
            "no mapping satisfies K = 4 outside; with K = 1 there are 1; without it there are 1");
}

// What a step leaves alone may be illegal already; the step must then make it legal.
TEST(MapSpace, StepsFromOutsideLeadInsideOrNowhere) {
  const mapspace::MapSpace wide(small_spec(4, 2, 6));
  MapSpaceSpec narrow_spec = small_spec(4, 2, 6);
  narrow_spec.slots[1].fanout = 2;
  const mapspace::MapSpace narrow(narrow_spec);
  Random random(8, 0);
  int inside = 0;
  for (int trial = 0; trial < 2000; ++trial) {
    const Mapping start = wide.sample(random);
    const Mapping next = narrow.neighbour(start, random);
    ASSERT_TRUE(next == start || narrow.contains(next));
    inside += !narrow.contains(start) && narrow.contains(next) ? 1 : 0;
  }
  EXPECT_GT(inside, 20);
}

TEST(MapSpace, RefusesNestsWithTooManyLoops) {
  MapSpaceSpec spec;
  spec.bounds.bound.fill(1 << 10);
  for (std::uint8_t level = 0; level < 6; ++level) {
    spec.slots.push_back(slot("slot", LoopKind::temporal, level, true, false));
  }
  EXPECT_THROW(mapspace::MapSpace{spec}, InputError);
}

// A real layer on a real hierarchy: counting must stay fast and indices must stay legal.
TEST(MapSpace, UnranksALargeSpace) {
  MapSpaceSpec spec;
  spec.bounds[Dim::K] = 512;
  spec.bounds[Dim::C] = 512;
  spec.bounds[Dim::P] = 7;
  spec.bounds[Dim::Q] = 7;
  spec.bounds[Dim::R] = 3;
  spec.bounds[Dim::S] = 3;
  spec.slots = {slot("channel temporal", LoopKind::temporal, 0, true, true),
                slot("channel", LoopKind::spatial, 0, true, false),
                slot("bank temporal", LoopKind::temporal, 1, true, true),
                slot("bank", LoopKind::spatial, 1, true, false),
                slot("lanes", LoopKind::spatial, 2, false, false),
                slot("sequence", LoopKind::temporal, 3, false, false)};
  spec.slots[1].fanout = 8;
  spec.slots[3].fanout = 16;
  spec.slots[4].fanout = 8192;
  const mapspace::MapSpace space(spec);
  EXPECT_TRUE(space.size() > mapspace::MapSpace::Index{1} << 30);
  Random random(3, 3);
  for (int i = 0; i < 2000; ++i) {
    ASSERT_TRUE(space.contains(space.sample(random)));
  }
  EXPECT_TRUE(space.contains(space.at(space.size() - 1)));
}

}  // namespace
}  // namespace imbrex
