// The same number added to a sum many times. Loads of links are sums of many equal words, and a
// product would round once where additions round every time: results would depend on how flows
// were counted.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace imbrex {

// sum + term + ... + term, rounded after every addition: the bytes of a loop over `times`. Both
// numbers at least 0. O(log(times)).
//
// Between two powers of two all doubles are equally far apart, so every addition rounds the term
// to the same step, but for one that falls half-way between two doubles: it goes to the even one,
// and all that follow start from an even one. Two additions within the interval hence tell the
// step of the others.
inline double repeated_sum(double sum, double term, std::int64_t times) noexcept {
  while (times > 4) {
    const double first = sum + term;
    const double second = first + term;
    const double third = second + term;
    const double step = third - second;
    if (!(step > 0)) {
      return third;  // the term is too small to change the sum
    }
    sum = third;
    times -= 3;
    int exponent = 0;
    std::frexp(third, &exponent);
    const double power = std::ldexp(1.0, exponent);
    if (first >= power / 2) {
      // One less than fits, as the quotient may have been rounded up.
      const auto fitting = static_cast<std::int64_t>((power - third) / step) - 1;
      const std::int64_t jump = std::clamp<std::int64_t>(fitting, 0, times);
      sum += step * static_cast<double>(jump);
      times -= jump;
    }
  }
  for (; times > 0; --times) {
    sum += term;
  }
  return sum;
}

}  // namespace imbrex
