// How the iterations of a job are shared among the instances below the levels of a hierarchy, so
// that as few steps as possible remain: the spatial loops of canonical mappings. Shares need not
// divide; the last iterations of some instances then idle.
#pragma once

#include "counting.hpp"

#include <imbrex/toolkit/nests/nest.hpp>
#include <imbrex/values/mapping.hpp>

#include <array>
#include <span>

namespace imbrex::loop_nest {

using DimOrder = std::array<Dim, kDimCount>;

// The instances below one level.
struct SpreadSlot {
  std::int64_t fanout = 1;  // largest product of shares
  Extents most{};           // largest share per dimension; 1: may not be shared here
  DimOrder order{};         // which dimensions get the larger shares where that costs no steps
};

struct SpreadProblem {
  Extents extent{};                   // of a job
  std::span<const SpreadSlot> slots;  // outermost first, at most kMaxLevels
  bool divides = false;               // shares must divide what is left
};

std::int64_t product_of(const Extents& extents) noexcept;

struct Spread {
  std::array<Extents, kMaxLevels> share{};  // per slot
  Extents left{};                           // iterations of one instance
  std::int64_t steps = 1;                   // product of `left`

  explicit Spread(const Extents& extent) noexcept;
};

// The largest shares that cost nothing, slot by slot from the innermost, each in its order of
// dimensions. O(slots * dimensions), with divisors times their extents.
Spread greedy_spread(const SpreadProblem& problem);

// The fewest steps: `good`, for example the greedy ones, unless something else needs fewer. Exact
// dynamic programme over dimensions and the room left in every slot, which takes about
// 2 * sqrt(fanout) values; what cannot beat `good` even if it filled the rooms perfectly is left
// out, and at most kSpreadStates are kept per dimension, so that no shape takes long.
// Extents beyond 31 bits keep `good`. Deterministic. [any thread]
inline constexpr std::size_t kSpreadStates = 1024;
Spread fewest_steps(const SpreadProblem& problem, const Spread& good);

}  // namespace imbrex::loop_nest
