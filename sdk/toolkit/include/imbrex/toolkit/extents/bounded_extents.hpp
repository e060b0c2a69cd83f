// Sums and products of extents out of files. They stop at a limit instead of wrapping around: no
// shape may be that large, so the WorkloadBuilder refuses what comes of it and names the operator,
// where a wrapped value could look like a good one. Pure, O(operands). [any thread]
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

namespace imbrex::extents {

// Far beyond what a builder takes (2^48 elements, 2^56 iterations); sums of three still fit.
inline constexpr std::int64_t kExtentLimit = std::int64_t{1} << 61;

// a * b and a + b, from -kExtentLimit to kExtentLimit. Any operands; attributes may be negative.
constexpr std::int64_t bounded_product(std::int64_t a, std::int64_t b) noexcept {
  std::int64_t product = 0;
  if (__builtin_mul_overflow(a, b, &product)) {
    return (a < 0) == (b < 0) ? kExtentLimit : -kExtentLimit;
  }
  return std::clamp(product, -kExtentLimit, kExtentLimit);
}
constexpr std::int64_t bounded_sum(std::int64_t a, std::int64_t b) noexcept {
  std::int64_t sum = 0;
  if (__builtin_add_overflow(a, b, &sum)) {
    return a < 0 ? -kExtentLimit : kExtentLimit;
  }
  return std::clamp(sum, -kExtentLimit, kExtentLimit);
}

// Of all of them, 1 for none; 0 whenever one of them is.
std::int64_t bounded_product(std::span<const std::int64_t> extents) noexcept;

}  // namespace imbrex::extents
