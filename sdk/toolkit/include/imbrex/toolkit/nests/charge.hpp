// What counted words and steps take: energy and cycles. [any thread]
#pragma once

#include <imbrex/toolkit/nests/counts.hpp>
#include <imbrex/toolkit/nests/nest.hpp>
#include <imbrex/toolkit/nests/partial_sums.hpp>

namespace imbrex::nests {

struct ChargedNest {
  const Mapping& mapping;
  const Nest& nest;
  const PartialSums& sums;
};

// Fills `instances_used`, `cycles` and `energy_pj`. `all`: what all instances do, where they
// differ; null: each what the first does. O(levels * tensors), with latencies times loops.
void charge(const Problem& problem, const Hierarchy& hierarchy, const ChargedNest& nest,
            const AllWords* all, NestCounts& counts) noexcept;

}  // namespace imbrex::nests
