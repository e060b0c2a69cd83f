#include "language/orders.hpp"

namespace imbrex {

LoopNestOrder::LoopNestOrder(const Operator& op, const Mapping& mapping, const JobClock& clock,
                             bool lock_step)
    : nest_(op.bounds, mapping), clock_(clock), lock_step_(lock_step) {
  std::array<std::int64_t, kDimCount> covered = mapping.job_extent;
  for (const Loop& loop : mapping.outer_loops()) {
    covered[index(loop.dim)] *= loop.bound;
  }
  even_ = covered == op.bounds.bound;
}

std::optional<std::int64_t> LoopNestOrder::equal_jobs_ps() const noexcept {
  return even_ ? std::optional(job(0, 0).duration_ps) : std::nullopt;
}

Job LoopNestOrder::job(std::int64_t step, std::int64_t server) const noexcept {
  const DimBox box = nest_.box(step, server);
  // A step outside the problem still elapses, but computes no position.
  return {box, box.empty() ? clock_.fixed_ps : clock_.duration_ps(box), 0};
}

}  // namespace imbrex
