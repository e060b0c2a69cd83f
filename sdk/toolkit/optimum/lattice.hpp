// The tiles of an operator: one divisor of its bound per dimension. Every tile has a number, so
// that what is known about tiles is kept in tables. [any thread]
#pragma once

#include <imbrex/toolkit/nests/nest.hpp>

#include <array>
#include <cstdint>
#include <vector>

namespace imbrex::optimum {

using nests::Extents;

// Per dimension the place of the divisor, ascending: 0 is 1.
using Tile = std::array<std::uint8_t, kDimCount>;
inline constexpr std::size_t kMostDivisors = 255;
inline constexpr std::uint8_t kNoDivisor = 255;

class Lattice {
 public:
  // Requires: no bound has more than kMostDivisors divisors.
  explicit Lattice(const LoopBounds& bounds);

  // How many tiles there would be; 0 where a bound has too many divisors.
  static double size_of(const LoopBounds& bounds);

  std::uint32_t size() const noexcept { return size_; }
  std::size_t count(std::size_t dim) const noexcept { return divisors_[dim].size(); }
  std::int64_t divisor(std::size_t dim, std::size_t at) const noexcept {
    return divisors_[dim][at];
  }
  std::int64_t bound(std::size_t dim) const noexcept { return divisors_[dim].back(); }
  std::uint32_t stride(std::size_t dim) const noexcept { return stride_[dim]; }

  std::uint32_t code(const Tile& tile) const noexcept {
    std::uint32_t code = 0;
    for (std::size_t d = 0; d < kDimCount; ++d) {
      code += tile[d] * stride_[d];
    }
    return code;
  }
  Tile tile(std::uint32_t code) const noexcept {
    Tile tile{};
    for (std::size_t d = kDimCount; d-- > 0;) {
      tile[d] = static_cast<std::uint8_t>(code / stride_[d]);
      code %= stride_[d];
    }
    return tile;
  }
  Extents extents(const Tile& tile) const noexcept {
    Extents extents;
    for (std::size_t d = 0; d < kDimCount; ++d) {
      extents[d] = divisors_[d][tile[d]];
    }
    return extents;
  }
  // A bit per dimension of which the tile is not all.
  std::uint32_t unfinished(std::uint32_t code) const noexcept {
    std::uint32_t dims = 0;
    const Tile of = tile(code);
    for (std::size_t d = 0; d < kDimCount; ++d) {
      dims |= of[d] + 1u < divisors_[d].size() ? 1u << d : 0;
    }
    return dims;
  }
  Tile whole() const noexcept {
    Tile tile;
    for (std::size_t d = 0; d < kDimCount; ++d) {
      tile[d] = static_cast<std::uint8_t>(divisors_[d].size() - 1);
    }
    return tile;
  }
  std::uint8_t product(std::size_t dim, std::size_t of, std::size_t by) const noexcept {
    return products_[dim][of * divisors_[dim].size() + by];
  }
  // The place of a quotient; kNoDivisor where one does not divide the other.
  std::uint8_t quotient(std::size_t dim, std::size_t of, std::size_t by) const noexcept {
    return quotients_[dim][of * divisors_[dim].size() + by];
  }

 private:
  std::array<std::vector<std::int64_t>, kDimCount> divisors_;
  std::array<std::vector<std::uint8_t>, kDimCount> quotients_;
  std::array<std::vector<std::uint8_t>, kDimCount> products_;  // where they divide the bound
  std::array<std::uint32_t, kDimCount> stride_{};              // of the numbers
  std::uint32_t size_ = 1;
};

}  // namespace imbrex::optimum
