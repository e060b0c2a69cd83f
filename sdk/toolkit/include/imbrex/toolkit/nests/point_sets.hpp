// How many points a coordinate of a tile has, and how many of them a shifted tile shares. The
// coordinates are {a*i + b*j : 0 <= i < m, 0 <= j < n}. Pure, no allocation. [any thread]
#pragma once

#include <cstdint>
#include <span>

namespace imbrex::nests {

// One dimension's share of a coordinate: multiples 0, step, ..., step * (count - 1).
struct Progression {
  std::int64_t step = 0;
  std::int64_t count = 1;
};

// Number of distinct sums of two progressions. O(log step).
std::int64_t distinct_sums(const Progression& a, const Progression& b) noexcept;

// The same of any number of progressions. Closed form for two; more are
// enumerated while they span at most kSpan, and counted as all different (an upper bound) beyond.
inline constexpr std::int64_t kSpan = 4096;
std::int64_t distinct_sums(std::span<const Progression> parts) noexcept;

// Largest minus smallest sum, plus one.
constexpr std::int64_t hull(const Progression& a, const Progression& b) noexcept {
  return a.step * (a.count - 1) + b.step * (b.count - 1) + 1;
}

// Number of sums x for which x + shift is a sum as well. O(1) unless the set has holes and two
// progressions: O(a.count * b.count^2) then.
std::int64_t shared_sums(const Progression& a, const Progression& b, std::int64_t shift) noexcept;

}  // namespace imbrex::nests
