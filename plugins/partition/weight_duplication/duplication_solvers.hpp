// How many copies of each operator's weights (specification clsa-cim section 5). Pure functions of
// small integers; all ties go to the lowest index, all comparisons are exact.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace imbrex::duplication {

// One operator that may be duplicated. Units and latency of one copy, in any common unit.
struct Layer {
  std::int64_t units = 1;       // c >= 1
  std::int64_t latency = 1;     // t >= 0
  std::int64_t max_copies = 1;  // positions it can be shared over, >= 1
};

// Called now and then by solvers that can take long; throws to stop them.
using Checkpoint = std::function<void()>;

// All return copies >= 1 per layer, using at most `extra` units beyond one copy each. extra >= 0.

// Minimises max t/d: one more copy for the slowest layer, until its copy no longer fits.
// Optimal for the maximum. O(n + extra log n).
std::vector<std::int64_t> bottleneck_stop(std::span<const Layer> layers, std::int64_t extra);
// The same, then spends what is left on the slowest layer that still fits. O(n + extra log n).
std::vector<std::int64_t> bottleneck_skip(std::span<const Layer> layers, std::int64_t extra);
// Minimises sum t/d by dynamic programming over layers and units; exact but for a rounding of every
// term by less than 2^-60 of the total latency. Of equal optima, later layers get the fewest
// copies. O(n extra^2 / units) time, O(n extra) memory.
std::vector<std::int64_t> min_sum_dp(std::span<const Layer> layers, std::int64_t extra,
                                     const Checkpoint& checkpoint = {});
// Heuristic for sum t/d: the largest gain per unit that fits, again and again. O(n + extra log n).
std::vector<std::int64_t> min_sum_greedy(std::span<const Layer> layers, std::int64_t extra);

}  // namespace imbrex::duplication
