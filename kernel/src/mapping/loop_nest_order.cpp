// File: loop_nest_order.cpp
#include "mapping/orders.hpp"

#include <algorithm>

namespace imbrex {

LoopNestOrder::LoopNestOrder(const Operator& op, const Mapping& mapping, const JobClock& clock,
                             bool lock_step)
    : job_extent_(mapping.job_extent), bounds_(op.bounds), clock_(clock), lock_step_(lock_step) {
  // Strides grow from the innermost loop outwards, hence the reverse walk.
  std::array<std::int64_t, kDimCount> coordinate_stride = mapping.job_extent;
  for (std::size_t i = mapping.outer; i-- > 0;) {
    const Loop& loop = mapping.loops[i];
    const bool temporal = loop.kind == LoopKind::temporal;
    std::int64_t& index_stride = temporal ? steps_ : servers_;
    if (loop.bound > 1) {  // a loop of one iteration has no digit
      digits_[digit_count_++] = {loop.bound, coordinate_stride[index(loop.dim)], index_stride,
                                 loop.dim, temporal};
    }
    coordinate_stride[index(loop.dim)] *= loop.bound;
    index_stride *= loop.bound;
  }
}

Job LoopNestOrder::job(std::int64_t step, std::int64_t server) const noexcept {
  std::array<std::int64_t, kDimCount> low{};
  for (std::size_t i = 0; i < digit_count_; ++i) {
    const Digit& digit = digits_[i];
    const std::int64_t number = digit.temporal ? step : server;
    low[index(digit.dim)] += number / digit.index_stride % digit.bound * digit.coordinate_stride;
  }
  Job job;
  for (std::size_t d = 0; d < kDimCount; ++d) {
    job.box.dim[d] = {low[d], std::min(low[d] + job_extent_[d], bounds_.bound[d])};
  }
  // A step outside the problem still elapses, but computes no position.
  job.duration_ps = job.box.empty() ? clock_.fixed_ps : clock_.duration_ps(job.box);
  return job;
}

}  // namespace imbrex
