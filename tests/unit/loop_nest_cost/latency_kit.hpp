// File: latency_kit.hpp
//
// Small products on small hierarchies of 8-bit words, for counts by hand.
#pragma once

#include "counts.hpp"
#include "hierarchy.hpp"

#include <imbrex/workload_builder.hpp>

#include <vector>

namespace imbrex::loop_nest {

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

}  // namespace imbrex::loop_nest
