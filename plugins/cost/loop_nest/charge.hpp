// What counted words and steps take: energy and cycles. [any thread]
#pragma once

#include "counts.hpp"
#include "nest.hpp"
#include "partial_sums.hpp"

namespace imbrex::loop_nest {

struct ChargedNest {
  const Mapping& mapping;
  const Nest& nest;
  const PartialSums& sums;
};

// Fills `instances_used`, `cycles` and `energy_pj`. `all`: what all instances do, where they
// differ; null: each what the first does. O(levels * tensors), with latencies times loops.
void charge(const Problem& problem, const Hierarchy& hierarchy, const ChargedNest& nest,
            const AllWords* all, NestCounts& counts) noexcept;

}  // namespace imbrex::loop_nest
