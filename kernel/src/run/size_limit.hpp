// Refuses, before it starts, an analysis that would take more memory than the run may use. Every
// way to score or analyse a design passes here, so no analyzer or search has to remember it. The
// number of jobs follows from the mappings in closed form; no order is made to count them.
#pragma once

#include "run/bound_machine.hpp"

#include <imbrex/values/design.hpp>

#include <atomic>
#include <cstdint>
#include <string_view>

namespace imbrex::run {

// What a job costs where its order is a grid: its place in the order (8 bytes), its end in the
// analysis and in the audit (8 each), its number where the critical path looks for it (12).
// Measured: 38 bytes of 18.9 million jobs of single pixels. Runs of the timeline are thousands of
// times fewer.
inline constexpr std::int64_t kBytesPerJob = 40;
// Jobs of a nest mark the tile of every position along each axis of the results (TileTimes).
inline constexpr std::int64_t kBytesPerPosition = 4;

// Jobs of an operator: (step, server) pairs of the order that the mapping gives, exactly; with
// strips of copies up to one more per strip border, row or column. At most 2^62. O(loops).
std::int64_t job_count(const Operator& op, const Mapping& mapping, const Placement& placement);

// One machine, one way of cutting operators that nobody mapped. The machine must outlive it.
// [any thread]
class SizeLimit {
 public:
  // `max_bytes` 0: no limit.
  SizeLimit(const BoundMachine& machine, const JobShape& shape, std::int64_t max_bytes);

  // Errors: InputError that says who (`where`) would keep how many jobs of which operator, when
  // the design needs more than may be used. O(operators): a search must not end differently on
  // another machine, so that a candidate that is too large ends the run instead of counting as
  // infeasible. Requires: an admitted design of the machine's workload.
  void require(const Design& design, std::string_view where) const;

 private:
  std::int64_t bytes_of(const Design& design, OperatorId op) const;
  [[noreturn]] void refuse(const Design& design, std::string_view where) const;

  const BoundMachine& machine_;
  JobShape shape_;
  std::int64_t max_bytes_;
  std::vector<OperatorId> mapped_;
  // Of operators that nobody placed or mapped; 0: not asked yet.
  mutable IndexVector<OperatorId, std::atomic<std::int64_t>> plain_bytes_;
};

}  // namespace imbrex::run
