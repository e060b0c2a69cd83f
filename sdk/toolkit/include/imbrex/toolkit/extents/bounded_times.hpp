// Whole picoseconds of a time that was computed in doubles. They stop at kTimeLimitPs, which the
// kernel refuses in the name of whoever takes so long: the quotient by a tiny bandwidth is no
// integer, and what a conversion makes of it could look like a good time. Pure. [any thread]
#pragma once

#include <imbrex/values/work_order.hpp>

#include <cmath>
#include <cstdint>

namespace imbrex::extents {

// The nearest one, and the next one that is not earlier. No number counts as too long.
// Requires: not negative. A quotient that is whole by hand need not be in doubles: 864 bits over
// 0.0048 bits per ps are 180000.00000000003, whose `ceil_ps` is 180001. Whoever needs the exact
// time keeps the rate in integers, `ceil_div(bits * 10'000, 48)`, or gives that much slack,
// `ceil_ps(ps * (1 - 1e-12))`.
inline std::int64_t nearest_ps(double ps) noexcept {
  return ps < static_cast<double>(kTimeLimitPs) ? std::llround(ps) : kTimeLimitPs;
}
inline std::int64_t ceil_ps(double ps) noexcept {
  return nearest_ps(std::ceil(ps));
}

}  // namespace imbrex::extents
