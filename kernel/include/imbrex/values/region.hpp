// Half-open intervals and boxes: the regions of tensors that work produces and needs.
// Pure, constexpr, no allocation. [any thread]
#pragma once

#include <imbrex/values/ids.hpp>

#include <algorithm>
#include <array>
#include <cstdint>

namespace imbrex {

inline constexpr std::size_t kMaxRank = 6;

// [begin, end); empty when end <= begin.
struct Interval {
  std::int64_t begin = 0;
  std::int64_t end = 0;

  constexpr bool empty() const noexcept { return end <= begin; }
  constexpr std::int64_t extent() const noexcept { return empty() ? 0 : end - begin; }
  constexpr bool contains(const Interval& other) const noexcept {
    return other.empty() || (begin <= other.begin && other.end <= end);
  }
  constexpr Interval intersect(const Interval& other) const noexcept {
    return {std::max(begin, other.begin), std::min(end, other.end)};
  }
  friend constexpr bool operator==(const Interval&, const Interval&) = default;
};

// Extents of a tensor, outermost axis first; axes beyond `rank` are 1.
struct Shape {
  std::uint8_t rank = 0;
  std::array<std::int64_t, kMaxRank> extent{1, 1, 1, 1, 1, 1};

  constexpr std::int64_t elements() const noexcept {
    std::int64_t product = 1;
    for (std::size_t axis = 0; axis < rank; ++axis) {
      product *= extent[axis];
    }
    return product;
  }
  constexpr std::int64_t operator[](std::size_t axis) const noexcept { return extent[axis]; }
  friend constexpr bool operator==(const Shape&, const Shape&) = default;
};

// A half-open box of a tensor. Axes beyond `rank` are [0, 1).
struct Region {
  std::uint8_t rank = 0;
  std::array<Interval, kMaxRank> axis{Interval{0, 1}, Interval{0, 1}, Interval{0, 1},
                                      Interval{0, 1}, Interval{0, 1}, Interval{0, 1}};

  static constexpr Region whole(const Shape& shape) noexcept {
    Region region;
    region.rank = shape.rank;
    for (std::size_t i = 0; i < shape.rank; ++i) {
      region.axis[i] = {0, shape.extent[i]};
    }
    return region;
  }
  constexpr bool empty() const noexcept {
    for (std::size_t i = 0; i < rank; ++i) {
      if (axis[i].empty()) {
        return true;
      }
    }
    return false;
  }
  constexpr std::int64_t elements() const noexcept {
    std::int64_t product = 1;
    for (std::size_t i = 0; i < rank; ++i) {
      product *= axis[i].extent();
    }
    return product;
  }
  constexpr Region intersect(const Region& other) const noexcept {
    Region result = *this;
    for (std::size_t i = 0; i < rank; ++i) {
      result.axis[i] = axis[i].intersect(other.axis[i]);
    }
    return result;
  }
  constexpr bool contains(const Region& other) const noexcept {
    for (std::size_t i = 0; i < rank; ++i) {
      if (!axis[i].contains(other.axis[i])) {
        return false;
      }
    }
    return true;
  }
  friend constexpr bool operator==(const Region&, const Region&) = default;
};

// A box in the iteration space of one operator: what a job computes.
struct DimBox {
  std::array<Interval, kDimCount> dim{};

  constexpr const Interval& operator[](Dim d) const noexcept { return dim[index(d)]; }
  constexpr Interval& operator[](Dim d) noexcept { return dim[index(d)]; }
  constexpr bool empty() const noexcept {
    for (const Interval& interval : dim) {
      if (interval.empty()) {
        return true;
      }
    }
    return false;
  }
  friend constexpr bool operator==(const DimBox&, const DimBox&) = default;
};

// Division rounding towards minus infinity; the divisor must be positive.
constexpr std::int64_t floor_div(std::int64_t a, std::int64_t b) noexcept {
  return a >= 0 ? a / b : -((-a + b - 1) / b);
}
constexpr std::int64_t ceil_div(std::int64_t a, std::int64_t b) noexcept {
  return -floor_div(-a, b);
}

}  // namespace imbrex
