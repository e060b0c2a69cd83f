// The orders of a level's loops that differ in what they keep, without those that another one is
// never worse than whatever lies inside and outside. [any thread]
#pragma once

#include "optimum/boundaries.hpp"
#include "optimum/prefix.hpp"

#include <vector>

namespace imbrex::optimum {

// Up to when a tensor's tile is kept: loops that do not move it, innermost first, then the first
// one that does.
struct Run {
  double free = 1;                // iterations of the loops that do not move it
  std::size_t first = kDimCount;  // the dimension that does; kDimCount: none so far
};
using Runs = std::array<Run, kRoles>;

// `bounds` above 1 are loops; `before`: of the steps outside.
Runs runs_of(const Boundaries& boundaries, const Order& order, const Extents& bounds,
             const Runs& before) noexcept;

// All that may be the best for some inside and outside. `later`: the tensors with boundaries
// further inside, not counting the MACs. Deterministic.
std::vector<Order> orders_of(const Boundaries& boundaries, std::size_t step, const Slot& slot,
                             const Extents& bounds);

// Which loops, innermost first, a tensor's tiles inside could still see; equal keys: the same.
std::uint64_t seen_by(const VolumeBounds& tensor, const Order& order) noexcept;

}  // namespace imbrex::optimum
