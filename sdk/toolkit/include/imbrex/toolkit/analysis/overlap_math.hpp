// Closed forms of overlapped execution: when does a layer end whose jobs have the given arrival
// times, in the mapping's order or earliest-ready-first? Pure functions, integer picoseconds.
// Source: specification fast-overlapim, sections 3.5 and 4.1. [any thread]
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace imbrex::analysis {

// Arrival of a job that needs nothing. Far below every time, so that adding delays to it never
// makes it look like one.
inline constexpr std::int64_t kNoNeed = std::numeric_limits<std::int64_t>::min() / 4;

// End of a layer of equally long steps that run in order, each not before its arrival:
// max(N*tau, max_u [a(u) + (N-u)*tau]). The same for lock-step servers (a(u): the latest of their
// arrivals in step u) and for independent ones. O(steps).
std::int64_t overlapped_end(std::span<const std::int64_t> arrival_ps,
                            std::int64_t step_ps) noexcept;

// How many jobs have a value (a ready step, or an arrival time).
struct ReadyCount {
  std::int64_t value = 0;
  std::int64_t count = 0;
  friend bool operator==(const ReadyCount&, const ReadyCount&) = default;
};
// Ascending, values distinct, counts positive.
using ReadyHistogram = std::vector<ReadyCount>;

// Counting sort where the values are dense, comparison sort otherwise.
ReadyHistogram histogram(std::span<const std::int64_t> values);
// Histogram of x + y over all pairs: of jobs whose ready step is a sum of independent parts.
// O(product of the sizes), plus a sort where the sums are not dense.
ReadyHistogram histogram_of_sums(const ReadyHistogram& x, const ReadyHistogram& y);

// End of equally long jobs dealt earliest-ready-first to equal servers, which is optimal when moves
// are free: max over distinct arrivals v of v + ceil(n_{>=v} / servers) * job_ps; in lock-step the
// steps are counted whole. Jobs that need nothing have the value kNoNeed. O(distinct values).
std::int64_t transformed_end(const ReadyHistogram& arrival_ps, std::int64_t servers,
                             std::int64_t job_ps, bool lock_step) noexcept;

// Indices by ascending arrival, ties by index. O(n) where the values are dense.
std::vector<std::uint32_t> earliest_ready_first(std::span<const std::int64_t> arrival_ps);

}  // namespace imbrex::analysis
