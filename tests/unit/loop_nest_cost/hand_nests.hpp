// Small products on small hierarchies of 8-bit words, for counts by hand.
#pragma once

#include <imbrex/toolkit/nests/counts.hpp>
#include <imbrex/toolkit/nests/hierarchy.hpp>
#include <imbrex/values/workload_builder.hpp>

#include <vector>

#include <gtest/gtest.h>

namespace imbrex::nests {

inline constexpr LoopKind kT = LoopKind::temporal;
inline constexpr LoopKind kS = LoopKind::spatial;

// `words`: per level and cycle at the read port; 0: unbounded.
inline Hierarchy levels_of(const std::vector<double>& words) {
  Hierarchy hierarchy;
  for (const double rate : words) {
    Level level;
    level.keep = 0b111;
    level.read_bits_per_cycle = rate * 8;
    hierarchy.levels.push_back(level);
  }
  return hierarchy;
}

inline Mapping nest_of(const std::vector<Loop>& loops) {
  Mapping mapping;
  for (const Loop& loop : loops) {
    if (loop.level == 0) {
      ++mapping.outer;
    }
    mapping.loops[mapping.count++] = loop;
  }
  mapping.job_extent.fill(1);
  for (std::size_t i = mapping.outer; i < mapping.count; ++i) {
    mapping.job_extent[imbrex::index(mapping.loops[i].dim)] *= mapping.loops[i].bound;
  }
  return mapping;
}

// rows x channels times channels x outputs; bounds P, C and K.
inline Problem dense(std::int64_t rows, std::int64_t channels, std::int64_t outputs) {
  WorkloadBuilder builder("dense");
  builder.dense("fc", builder.input("x", {2, {rows, channels}}), outputs);
  return prepare(builder.finish(), operator_id(0));
}

inline double cycles_of(const Problem& problem, const Hierarchy& hierarchy,
                        const Mapping& mapping) {
  const NestCounts counts = count(problem, hierarchy, mapping);
  EXPECT_EQ(counts.verdict, Verdict::feasible);
  return counts.cycles;
}

// 16-bit words, 4 a cycle in and out, 16 x 16 MACs with a register each.
inline Hierarchy systolic(double latency, double fill_drain_steps) {
  Hierarchy hierarchy = levels_of({8, 0, 0});
  hierarchy.levels[0].write_bits_per_cycle = 64;
  hierarchy.levels[0].access_cycles = latency;
  hierarchy.levels[1].fanout = 256;
  hierarchy.levels[1].refetch = 0b011;
  hierarchy.levels[2].keep = 0b100;
  hierarchy.refetches = hierarchy.has_latencies = true;
  hierarchy.buffering = Buffering::in_step;
  hierarchy.fill_drain_steps = fill_drain_steps;
  hierarchy.pass_level = 1;
  return hierarchy;
}

inline Problem product(std::int64_t rows, std::int64_t channels, std::int64_t columns) {
  Problem problem = dense(rows, channels, columns);
  problem.bits = {16, 16, 16};
  return problem;
}

}  // namespace imbrex::nests
