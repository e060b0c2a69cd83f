// What it costs to run a job on another server than its mapping's (specification fast-overlapim,
// section 4.2). Pure functions. [any thread]
#pragma once

#include <imbrex/interfaces/overlap_analyzer.hpp>
#include <imbrex/values/region.hpp>
#include <imbrex/values/workload.hpp>

#include <cstdint>

namespace imbrex::analysis {

// What moving one job carries along.
struct JobLoad {
  std::int64_t input_bits = 0;
  std::int64_t weight_bits = 0;
  std::int64_t sum_bits = 0;  // of what it makes
};
JobLoad job_load(const Workload& workload, OperatorId op, const DimBox& box) noexcept;

// What a move adds to a job: its inputs, and its weights where they are not everywhere. Errors:
// InputError when the bandwidth is so small that it takes 2^53 ps or more.
std::int64_t move_ps(const JobLoad& load, const DealingCosts& costs);

// Adding up the partial sums of one output tile that sit on `apart` >= 1 servers, pair by pair.
// Errors: as `move_ps`.
std::int64_t merge_ps(const JobLoad& load, std::int64_t apart, const DealingCosts& costs);

}  // namespace imbrex::analysis
