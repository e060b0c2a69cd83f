// Partial sums of 32 bits, complete results of 8: by hand, and against a walk over tiles.
#include "partial_sums.hpp"

#include "latencies.hpp"
#include "latency_kit.hpp"
#include "shortfall.hpp"

#include <imbrex/random.hpp>

#include <algorithm>
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

// Tiles of results that the level whose loops start at `child` holds one after another.
std::vector<std::vector<std::int64_t>> tiles_of(const Mapping& mapping, std::size_t child) {
  std::int64_t steps = 1;
  for (std::size_t i = 0; i < mapping.count; ++i) {
    steps *= mapping.loops[i].level < child ? mapping.loops[i].bound : 1;
  }
  std::vector<std::vector<std::int64_t>> tiles;
  for (std::int64_t step = 0; step < steps; ++step) {
    std::vector<std::int64_t> tile;
    std::int64_t rest = steps;
    for (std::size_t i = 0; i < mapping.count && mapping.loops[i].level < child; ++i) {
      rest /= mapping.loops[i].bound;
      if (mapping.loops[i].dim != Dim::C) {
        tile.push_back(step / rest % mapping.loops[i].bound);
      }
    }
    const bool is_mac = child == 3;
    if (is_mac || tiles.empty() || tiles.back() != tile) {
      tiles.push_back(tile);
    }
  }
  return tiles;
}

// Bits that pass between a level and whatever holds such tiles inside it.
struct Walked {
  std::int64_t outwards = 0;
  std::int64_t back = 0;
};
Walked walk(const Mapping& mapping, std::size_t child) {
  std::int64_t words = 1;
  for (std::size_t i = 0; i < mapping.count; ++i) {
    const Loop& loop = mapping.loops[i];
    words *= loop.level >= child && loop.dim != Dim::C ? loop.bound : 1;
  }
  const auto tiles = tiles_of(mapping, child);
  Walked bits;
  for (auto tile = tiles.begin(); tile != tiles.end(); ++tile) {
    const bool continued = std::find(tile + 1, tiles.end(), *tile) != tiles.end();
    const bool comes_back = std::find(tiles.begin(), tile, *tile) != tile;
    bits.outwards += words * (continued ? 32 : 8);
    bits.back += comes_back ? words * 32 : 0;
  }
  return bits;
}

TEST(PartialSumsTwin, BitsAreThoseOfAWalk) {
  constexpr Dim kDims[] = {Dim::P, Dim::C, Dim::K};
  for (std::uint64_t trial = 0; trial < 500; ++trial) {
    SCOPED_TRACE(trial);
    Random random(20'261'132, trial);
    std::array<std::int64_t, 3> made{1, 1, 1};
    std::vector<Loop> loops;
    for (std::uint8_t level = 0; level < 3; ++level) {
      for (std::int64_t i = random.between(0, 3); i > 0; --i) {
        const std::size_t dim = random.below(3);
        loops.push_back({kDims[dim], kT, level, random.between(2, 3)});
        made[dim] *= loops.back().bound;
      }
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
      const Walked inside = walk(mapping, l + 1);
      const Walked outside = l > 0 ? walk(mapping, l) : Walked{};
      const PortBits bits = port_bits(problem, hierarchy, sums, counts, l);
      EXPECT_EQ(bits.written, inside.outwards + outside.back);
      EXPECT_EQ(bits.read, inside.back + outside.outwards);
    }
  }
}

}  // namespace
}  // namespace imbrex::loop_nest
