// One coordinate of a tensor, summed over the tiles that instances hold at certain iterations.
// [any thread]
#pragma once

#include <imbrex/toolkit/nests/problem.hpp>
#include <imbrex/values/mapping.hpp>

#include <array>
#include <cstdint>

namespace imbrex::nests {

enum class Fate : std::uint8_t {
  outer,   // at any iteration, or every instance for itself
  mover,   // the loop that goes on from one iteration to the next
  inner,   // wraps around: was at its last iteration, is at its first
  shared,  // instances that want the same share it
};

struct Digit {
  std::int64_t bound;
  std::int64_t stride;
  Fate fate;
};

// Loops of one dimension, outermost first: by descending stride. Left uninitialised beyond `count`:
// made many times per mapping.
struct Digits {
  std::array<Digit, kMaxLoops> digit;
  std::size_t count = 0;
  void add(const Digit& one) noexcept {
    std::size_t at = count++;
    for (; at > 0 && digit[at - 1].stride < one.stride; --at) {
      digit[at] = digit[at - 1];
    }
    digit[at] = one;
  }
};

// What one dimension does to a coordinate.
struct AxisSide {
  Digits digits;
  std::int64_t bound = 1;   // of the operator
  std::int64_t extent = 1;  // of a tile
  std::int64_t factor = 0;
  bool even = false;  // all places exist, and all tiles are whole
};

// Points of the tiles that are there, and of those the ones that were there before.
struct AxisSums {
  double now = 0;
  double kept = 0;
};

// How often loops that do not move a tensor repeat what the others do: instances that share count
// once. O(digits^2).
double iterations(const Digits& digits, std::int64_t bound) noexcept;

// Of a coordinate that is one dimension, all of whose points exist. O(digits^2).
AxisSums plain_sums(const AxisSide& side) noexcept;

// The tiles at one place of each dimension: `now`, and `apart` to the one before, whose inner loops
// were at their last iterations that exist.
struct Place {
  std::int64_t now = 0;
  std::int64_t before = 0;
  std::int64_t apart = 0;  // what must not be shared
};
Place place_at(const AxisSide& side, std::int64_t now) noexcept;
AxisSums sums_at(const AxisSide& first, const Place& a, const AxisSide& second, const Place& b,
                 const Rank& rank) noexcept;

// Of any other, place by place: the slow twin of border_windows.hpp.
// O(places of one dimension times places of the other).
AxisSums walked_window_sums(const AxisSide& first, const AxisSide& second, const Rank& rank);

}  // namespace imbrex::nests
