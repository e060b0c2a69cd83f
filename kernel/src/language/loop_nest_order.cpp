#include "language/orders.hpp"

namespace imbrex {

LoopNestOrder::LoopNestOrder(const Operator& op, const Mapping& mapping, const JobClock& clock,
                             bool lock_step)
    : nest_(op.bounds, mapping), clock_(clock), lock_step_(lock_step) {}

Job LoopNestOrder::job(std::int64_t step, std::int64_t server) const noexcept {
  const DimBox box = nest_.box(step, server);
  // A step outside the problem still elapses, but computes no position.
  return {box, box.empty() ? clock_.fixed_ps : clock_.duration_ps(box), 0};
}

}  // namespace imbrex
