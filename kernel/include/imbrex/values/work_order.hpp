// What one mapped, placed operator does: jobs in order on servers. The common language of all
// analyzers (design, section 2a). Three implementations behind one interface:
//   LoopNestOrder  any job in O(loops), from the outer loops of a mapping;
//   TileGridOrder  a grid of row cuts x column cuts, dealt to copies in any way;
//   DealtJobsOrder the jobs of one of these, dealt anew by a stage.
// Made by `make_work_order` and `make_dealt_order`. Immutable. [any thread]
#pragma once

#include <imbrex/plugin/abi.hpp>
#include <imbrex/values/mapping.hpp>
#include <imbrex/values/region.hpp>
#include <imbrex/values/workload.hpp>

#include <algorithm>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace imbrex {

// Every single time is below this, so that doubles hold it and sums of a thousand fit.
inline constexpr std::int64_t kTimeLimitPs = std::int64_t{1} << 53;

// Duration of a job: fixed + per_position * (N*P*Q positions the job covers), with work at least
// `least_ps`: what the links take that carry its words (specification pipeorgan section 6.6; set by
// the WorkGraph, not by cost models).
// `completion_ps` passes between the end of a job and its output being usable (a reduction across
// banks, say); it does not keep the server busy.
struct JobClock {
  std::int64_t fixed_ps = 0;
  std::int64_t per_position_ps = 0;
  std::int64_t completion_ps = 0;
  std::int64_t least_ps = 0;

  constexpr std::int64_t duration_ps(const DimBox& box) const noexcept {
    const std::int64_t work_ps = fixed_ps + per_position_ps * box[Dim::N].extent() *
                                                box[Dim::P].extent() * box[Dim::Q].extent();
    return work_ps >= least_ps || box.empty() ? work_ps : least_ps;
  }
  friend constexpr bool operator==(const JobClock&, const JobClock&) = default;
};

// One atomic piece of work: starts when all its input exists, publishes its output when it ends.
struct Job {
  DimBox box;  // empty: the step elapses without work (imperfect factorisation)
  std::int64_t duration_ps = 0;
  // Passes between the end of this job and its output being usable, beyond what all jobs of the
  // operator have in common (`JobClock::completion_ps`, part of `Source::delay_ps`).
  std::int64_t completion_ps = 0;
};

// Jobs as cells of a grid over N x P x Q; every job covers all of G, K, C, R, S.
struct TileGrid {
  std::span<const std::int64_t> sample_cuts;  // ascending, first 0, last N
  std::span<const std::int64_t> row_cuts;     // ascending, first 0, last P
  std::span<const std::int64_t> column_cuts;  // ascending, first 0, last Q
  std::span<const std::int32_t> server;       // per cell: sample outermost, then row, column
  std::span<const std::int32_t> step;         // position of the cell in its server's order
  std::int64_t samples() const noexcept {
    return static_cast<std::int64_t>(sample_cuts.size()) - 1;
  }
  std::int64_t rows() const noexcept { return static_cast<std::int64_t>(row_cuts.size()) - 1; }
  std::int64_t columns() const noexcept {
    return static_cast<std::int64_t>(column_cuts.size()) - 1;
  }
};

class IMBREX_API WorkOrder {
 public:
  virtual ~WorkOrder();
  WorkOrder(const WorkOrder&) = delete;
  WorkOrder& operator=(const WorkOrder&) = delete;

  virtual std::int64_t server_count() const noexcept = 0;
  // Steps of the given server; jobs (t, s) exist for t in [0, step_count(s)).
  virtual std::int64_t step_count(std::int64_t server) const noexcept = 0;
  // Servers of one order advance together (DRAM banks) or each on its own (crossbar copies).
  virtual bool lock_step() const noexcept = 0;
  virtual Job job(std::int64_t step, std::int64_t server) const noexcept = 0;
  // Non-null when the jobs form a grid; analyzers with a fast path for grids use it.
  virtual const TileGrid* tile_grid() const noexcept;
  // True when the jobs do not run where and when the mapping's loops say: digits of the nest do not
  // number the steps.
  virtual bool dealt_anew() const noexcept;
  // What every job takes, when each has work, takes the same and has no completion delay; nothing
  // when that is not so or not known. Default: nothing. O(1).
  virtual std::optional<std::int64_t> equal_jobs_ps() const noexcept;
  // Total number of (step, server) pairs.
  std::int64_t job_count() const noexcept;

 protected:
  WorkOrder() = default;
};

// Is the mapping legal for the operator? `infeasible`: some dimension is not covered;
// `unsupported`: a bound or extent below 1, or a product beyond 64 bits. O(loops).
IMBREX_API Verdict mapping_verdict(const Operator& op, const Mapping& mapping) noexcept;

// Grid orders for mappings whose outer loops are only temporal N, P and Q loops (at most one each,
// in this order, no idle steps): jobs of `copies` servers, dealt as asked, sample after sample;
// round robin goes on from one sample to the next. Copies beyond the number of
// jobs have no steps. Any other mapping gives a LoopNestOrder, which requires copies == 1 (spatial
// loops express its servers). Independent of `op` after the call.
// Errors: InputError when the mapping is not legal, copies < 1, copies > 1 meets another mapping
// than a grid, or a grid has 2^31 jobs or more.
IMBREX_API std::unique_ptr<const WorkOrder> make_work_order(const Operator& op,
                                                            const Mapping& mapping,
                                                            std::int64_t copies, Dealing dealing,
                                                            const JobClock& clock, bool lock_step);

// The jobs of `order` as `dealt` deals them; jobs without work are gone.
// Errors: InputError naming `op` when `dealt` is not legal for `order`, as `dealing_fault` says.
IMBREX_API std::unique_ptr<const WorkOrder> make_dealt_order(
    const Operator& op, std::unique_ptr<const WorkOrder> order,
    std::shared_ptr<const DealtOrder> dealt);

// What is wrong with a dealing of the jobs of `order`, for a person; empty text: nothing. O(jobs).
IMBREX_API std::string dealing_fault(const WorkOrder& order, const DealtOrder& dealt);

// How long the order takes when all its input exists: the busy time of the busiest server, or, in
// lock step, the sum over the steps of the longest job. O(jobs).
IMBREX_API std::int64_t longest_server_ps(const WorkOrder& order) noexcept;

// The same for the order that `make_work_order` would make of independent servers, without making
// it: no allocation, O(loops + bounds) for nests, O(copies) for strips, O(1) for round robin over
// equal jobs, O(jobs) otherwise. Empty where `make_work_order` would refuse.
IMBREX_API std::optional<std::int64_t> longest_server_ps(const Operator& op, const Mapping& mapping,
                                                         std::int64_t copies, Dealing dealing,
                                                         const JobClock& clock) noexcept;

// --- Times ---------------------------------------------------------------------------------------
//
// Products of times that stop at the limit of what the kernel takes from a cost model instead of
// wrapping around: a layer that takes for ever must be refused, not look fast. Pure, constexpr.
// [any thread]

// count * each_ps, at most kTimeLimitPs. Requires: neither is negative.
constexpr std::int64_t bounded_ps(std::int64_t count, std::int64_t each_ps) noexcept {
  std::int64_t product_ps = 0;
  return __builtin_mul_overflow(count, each_ps, &product_ps) ? kTimeLimitPs
                                                             : std::min(product_ps, kTimeLimitPs);
}

// one_ps + other_ps, at most kTimeLimitPs. Requires: both are from 0 to kTimeLimitPs.
constexpr std::int64_t bounded_sum_ps(std::int64_t one_ps, std::int64_t other_ps) noexcept {
  return std::min(one_ps + other_ps, kTimeLimitPs);
}

}  // namespace imbrex
