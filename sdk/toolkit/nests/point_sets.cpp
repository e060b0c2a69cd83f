#include <imbrex/toolkit/nests/point_sets.hpp>

#include <algorithm>
#include <bitset>
#include <cstdlib>
#include <numeric>

namespace imbrex::nests {
namespace {

bool is_sum(const Progression& a, const Progression& b, std::int64_t x) noexcept {
  for (std::int64_t j = 0; j < b.count; ++j) {
    const std::int64_t rest = x - b.step * j;
    if (rest >= 0 && rest % a.step == 0 && rest / a.step < a.count) {
      return true;
    }
  }
  return false;
}

// Is a*i + b*j with these indices the first pair, by j, that names its sum?
bool is_first(const Progression& a, const Progression& b, std::int64_t i, std::int64_t j) noexcept {
  for (std::int64_t earlier = 0; earlier < j; ++earlier) {
    const std::int64_t rest = a.step * i + b.step * (j - earlier);
    if (rest % a.step == 0 && rest / a.step < a.count) {
      return false;
    }
  }
  return true;
}

}  // namespace

std::int64_t distinct_sums(const Progression& a, const Progression& b) noexcept {
  if (a.count == 1 || a.step == 0) {
    return b.step == 0 ? 1 : b.count;
  }
  if (b.count == 1 || b.step == 0) {
    return a.count;
  }
  // Multiples of one: the other's windows touch or leave holes.
  if (a.step == 1 || b.step == 1) {
    const Progression& window = a.step == 1 ? a : b;
    const Progression& slide = a.step == 1 ? b : a;
    return (slide.count - 1) * std::min(slide.step, window.count) + window.count;
  }
  // (i, j) and (i + b/g, j - a/g) name the same sum: count the pairs that have no such partner.
  const std::int64_t divisor = std::gcd(a.step, b.step);
  const std::int64_t along_a = std::max<std::int64_t>(0, a.count - b.step / divisor);
  const std::int64_t along_b = std::max<std::int64_t>(0, b.count - a.step / divisor);
  return a.count * b.count - along_a * along_b;
}

std::int64_t distinct_sums(std::span<const Progression> parts) noexcept {
  if (parts.size() <= 2) {
    const Progression one;
    return distinct_sums(parts.empty() ? one : parts[0], parts.size() < 2 ? one : parts[1]);
  }
  std::int64_t span = 1;
  std::int64_t product = 1;
  for (const Progression& part : parts) {
    span += part.step * (part.count - 1);
    product *= part.count;
  }
  if (span > kSpan) {
    return std::min(product, span);
  }
  std::bitset<kSpan> sums;
  sums.set(0);
  for (const Progression& part : parts) {
    const std::bitset<kSpan> before = sums;
    for (std::int64_t i = 1; i < part.count; ++i) {
      sums |= before << static_cast<std::size_t>(i * part.step);
    }
  }
  return static_cast<std::int64_t>(sums.count());
}

std::int64_t shared_sums(const Progression& a, const Progression& b, std::int64_t shift) noexcept {
  shift = std::abs(shift);
  const std::int64_t extent = hull(a, b);
  if (distinct_sums(a, b) == extent) {
    return std::max<std::int64_t>(0, extent - shift);
  }
  const bool only_a = b.count == 1 || b.step == 0;
  if (only_a || a.count == 1 || a.step == 0) {
    const Progression& one = only_a ? a : b;
    return shift % one.step == 0 ? std::max<std::int64_t>(0, one.count - shift / one.step) : 0;
  }
  std::int64_t shared = 0;
  for (std::int64_t i = 0; i < a.count; ++i) {
    for (std::int64_t j = 0; j < b.count; ++j) {
      shared += is_first(a, b, i, j) && is_sum(a, b, a.step * i + b.step * j + shift) ? 1 : 0;
    }
  }
  return shared;
}

}  // namespace imbrex::nests
