// File: time_math.hpp
//
// Products of times that stop at the limit of what the kernel takes from a cost model instead of
// wrapping around: a layer that takes for ever must be refused, not look fast. Pure, constexpr.
// [any thread]
#pragma once

#include <imbrex/work_order.hpp>

#include <algorithm>

namespace imbrex {

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
