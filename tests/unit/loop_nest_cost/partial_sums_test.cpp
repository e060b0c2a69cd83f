// Partial sums of 32 bits, complete results of 8: by hand, and against a walk over tiles.
#include "hand_nests.hpp"
#include "shortfall.hpp"

#include <imbrex/plugin/host.hpp>
#include <imbrex/toolkit/nests/latencies.hpp>
#include <imbrex/toolkit/nests/partial_sums.hpp>

#include <algorithm>
#include <array>
#include <iterator>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace imbrex::loop_nest {
namespace {

Problem wide(Problem problem) {
  problem.partial_sum_bits = 32;
  return problem;
}

// 1 pJ per bit at one level, either way.
Hierarchy charged_at(std::size_t level, std::size_t levels = 2) {
  Hierarchy hierarchy = levels_of(std::vector<double>(levels, 0));
  hierarchy.levels[level].read_energy_pj_per_bit = 1;
  hierarchy.levels[level].write_energy_pj_per_bit = 1;
  return hierarchy;
}

// 1 x 4 times 4 x 2.
TEST(PartialSums, AreWideUntilTheyAreComplete) {
  const Mapping back = nest_of({{Dim::C, kT, 0, 2}, {Dim::K, kT, 0, 2}, {Dim::C, kT, 1, 2}});
  // 8 weights, 4 inputs; two sums go out wide and come back, two go out complete.
  EXPECT_EQ(count(dense(1, 4, 2), charged_at(0), back).energy_pj, 64 + 32 + 8 * (2 + 2 + 2));
  EXPECT_EQ(count(wide(dense(1, 4, 2)), charged_at(0), back).energy_pj, 64 + 32 + 32 * 4 + 8 * 2);
  const Mapping stays = nest_of({{Dim::K, kT, 0, 2}, {Dim::C, kT, 0, 2}, {Dim::C, kT, 1, 2}});
  // 8 weights, 4 inputs for each of 2 results.
  EXPECT_EQ(count(wide(dense(1, 4, 2)), charged_at(0), stays).energy_pj, 64 + 64 + 8 * 2);
  // In the buffer each result is written 4 times by the MAC, complete the last time, read back 3
  // times, and leaves complete; 8 weights and 8 inputs in and out.
  EXPECT_EQ(count(wide(dense(1, 4, 2)), charged_at(1), stays).energy_pj,
            2 * (3 * 32 + 8 + 3 * 32 + 8) + 2 * (64 + 64));
  // Draining is free as that tool counts.
  Hierarchy timeloop = charged_at(1);
  timeloop.counting = Counting::timeloop;
  EXPECT_EQ(count(wide(dense(1, 4, 2)), timeloop, stays).energy_pj,
            2 * (3 * 32 + 8 + 3 * 32) + 2 * (64 + 64));
}

TEST(PartialSums, TakeTheRoomOfWideWords) {
  const auto needed = [](const Problem& problem, const Mapping& mapping, std::size_t level,
                         std::size_t levels) {
    Hierarchy hierarchy = charged_at(0, levels);
    hierarchy.levels[level].capacity_bits = 1;
    hierarchy.levels[1].fanout = 2;
    const NestCounts counts = count(problem, hierarchy, mapping);
    EXPECT_EQ(counts.verdict, Verdict::infeasible);
    hierarchy.levels[level].capacity_bits = counts.needed;
    EXPECT_EQ(count(problem, hierarchy, mapping).verdict, Verdict::feasible);
    return counts.needed;
  };
  // 2 weights, 2 inputs, 1 sum.
  const Mapping back = nest_of({{Dim::C, kT, 0, 2}, {Dim::K, kT, 0, 2}, {Dim::C, kT, 1, 2}});
  EXPECT_EQ(needed(dense(1, 4, 2), back, 1, 2), 16 + 16 + 8);
  EXPECT_EQ(needed(wide(dense(1, 4, 2)), back, 1, 2), 16 + 16 + 32);
  // Added up in registers: the buffer gets 2 complete results beside 8 weights and 4 inputs.
  const Mapping inside = nest_of({{Dim::K, kT, 1, 2}, {Dim::C, kT, 2, 4}});
  EXPECT_EQ(needed(wide(dense(1, 4, 2)), inside, 1, 3), 64 + 32 + 16);
  EXPECT_EQ(needed(wide(dense(1, 4, 2)), inside, 2, 3), 32 + 32 + 32);
  // Two registers hold shares of a sum, which is complete when it arrives at the buffer.
  const Mapping shares = nest_of({{Dim::K, kT, 1, 2}, {Dim::C, kS, 1, 2}, {Dim::C, kT, 2, 2}});
  EXPECT_EQ(needed(wide(dense(1, 4, 2)), shares, 1, 3), 64 + 32 + 16);
  EXPECT_EQ(needed(wide(dense(1, 4, 2)), shares, 2, 3), 16 + 16 + 32);
  // One channel: nothing is added up.
  EXPECT_EQ(needed(wide(dense(3, 1, 2)), nest_of({{Dim::P, kT, 1, 3}, {Dim::K, kT, 1, 2}}), 1, 2),
            16 + 24 + 48);
}

// Shares of a sum are never complete: in each of 2 registers 4 writes, 2 reads back, 2 on the way
// out, all wide; 4 weights in and out, 2 inputs in and 4 out.
TEST(PartialSums, OfSharesNeverComplete) {
  Hierarchy hierarchy = charged_at(2, 3);
  hierarchy.levels[1].fanout = 2;
  const Mapping shares = nest_of({{Dim::K, kT, 1, 2}, {Dim::C, kS, 1, 2}, {Dim::C, kT, 2, 2}});
  EXPECT_EQ(count(wide(dense(1, 4, 2)), hierarchy, shares).energy_pj,
            2 * (8 * 32 + 8 * (4 + 4 + 2 + 4)));
}

TEST(PartialSums, AreCountedInTheirWordsWhereALevelKeepsNothingElse) {
  Hierarchy hierarchy = charged_at(0);
  hierarchy.levels[1].keep = 0b100;
  hierarchy.levels[1].capacity_bits = 32;
  const Problem problem = wide(dense(1, 4, 2));
  const Mapping mapping = nest_of({{Dim::K, kT, 1, 2}, {Dim::C, kT, 1, 4}});
  const auto lacking = shortfall_of(problem, hierarchy, count(problem, hierarchy, mapping));
  ASSERT_TRUE(lacking.has_value());
  EXPECT_EQ(lacking->unit, "word");
  EXPECT_EQ(lacking->needed, 2);
  EXPECT_EQ(lacking->available, 1);
}

constexpr Dim kAllDims[] = {Dim::P, Dim::C, Dim::K};

// Offset and extent of what the loops of level `child` and those inside it make, per dimension, at
// every iteration of the loops outside. Those that begin beyond the product are not there.
struct Place {
  std::array<std::int64_t, kDimCount> from{};
  std::array<std::int64_t, kDimCount> extent{};
};
std::vector<Place> places_of(const Problem& problem, const Mapping& mapping, std::size_t child) {
  Place inside;
  inside.extent.fill(1);
  std::vector<std::int64_t> stride(mapping.count);
  std::array<std::int64_t, kDimCount> reach = inside.extent;
  for (std::size_t i = mapping.count; i-- > 0;) {
    const std::size_t dim = imbrex::index(mapping.loops[i].dim);
    stride[i] = reach[dim];
    reach[dim] *= mapping.loops[i].bound;
    inside.extent[dim] *= mapping.loops[i].level >= child ? mapping.loops[i].bound : 1;
  }
  std::vector<Place> places{inside};
  for (std::size_t i = 0; i < mapping.count && mapping.loops[i].level < child; ++i) {
    std::vector<Place> next;
    for (const Place& place : places) {
      for (std::int64_t j = 0; j < mapping.loops[i].bound; ++j) {
        next.push_back(place);
        next.back().from[imbrex::index(mapping.loops[i].dim)] += j * stride[i];
      }
    }
    places = std::move(next);
  }
  std::erase_if(places, [&](const Place& place) {
    return std::any_of(std::begin(kAllDims), std::end(kAllDims), [&](Dim dim) {
      return place.from[imbrex::index(dim)] >= problem.bounds[dim];
    });
  });
  return places;
}

// Bits that pass between a level and whatever holds such tiles inside it, point by point.
struct Walked {
  std::int64_t outwards = 0;
  std::int64_t back = 0;
};
Walked walk(const Problem& problem, const Mapping& mapping, std::size_t child) {
  const std::vector<Place> places = places_of(problem, mapping, child);
  const bool is_mac = child == 3;
  const auto holds = [](const Place& place, Dim dim, std::int64_t x) {
    const std::size_t d = imbrex::index(dim);
    return x >= place.from[d] && x < place.from[d] + place.extent[d];
  };
  Walked bits;
  for (std::int64_t p = 0; p < problem.bounds[Dim::P]; ++p) {
    for (std::int64_t k = 0; k < problem.bounds[Dim::K]; ++k) {
      std::int64_t visits = 0;
      bool was_there = false;
      for (const Place& place : places) {
        const bool is_there = holds(place, Dim::P, p) && holds(place, Dim::K, k);
        visits += is_there && (is_mac || !was_there) ? 1 : 0;
        was_there = is_there;
      }
      bits.outwards += (visits - 1) * 32 + 8;  // the last time it is complete
      bits.back += (visits - 1) * 32;
    }
  }
  return bits;
}

TEST(PartialSumsTwin, BitsAreThoseOfAWalk) {
  for (std::uint64_t trial = 0; trial < 500; ++trial) {
    SCOPED_TRACE(trial);
    Random random(20'261'132, trial);
    std::array<std::int64_t, 3> made{1, 1, 1};
    std::vector<Loop> loops;
    for (std::uint8_t level = 0; level < 3; ++level) {
      for (std::int64_t i = random.between(0, 3); i > 0; --i) {
        const std::size_t dim = random.below(3);
        loops.push_back({kAllDims[dim], kT, level, random.between(2, 3)});
        made[dim] *= loops.back().bound;
      }
    }
    for (std::int64_t& extent : made) {
      extent = trial % 2 == 0 ? extent : random.between(1, extent);  // loops end with the product
    }
    const Problem problem = wide(dense(made[0], made[1], made[2]));
    const Mapping mapping = nest_of(loops);
    Hierarchy hierarchy = charged_at(0, 3);
    for (Level& level : hierarchy.levels) {
      level.keep = 0b100;  // results only
    }
    const NestCounts counts = count(problem, hierarchy, mapping);
    const PartialSums sums = partial_sums(problem, hierarchy, mapping);
    for (std::size_t l = 0; l < 3; ++l) {
      const Walked inside = walk(problem, mapping, l + 1);
      const Walked outside = l > 0 ? walk(problem, mapping, l) : Walked{};
      const PortBits bits = port_bits(problem, hierarchy, sums, counts, l);
      EXPECT_EQ(bits.written, inside.outwards + outside.back);
      EXPECT_EQ(bits.read, inside.back + outside.outwards);
    }
  }
}

}  // namespace
}  // namespace imbrex::loop_nest
