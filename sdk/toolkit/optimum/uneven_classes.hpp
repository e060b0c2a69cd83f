// Tiles where factors need not divide. Of a dimension, tiles are alike if it takes as many of them
// to cover it: a class. What passes between levels depends on little more than classes, and a loop
// of bound b around tiles of which there are n makes tiles of which there are ceil(n / b), however
// large they are. [any thread]
#pragma once

#include <imbrex/toolkit/nests/nest.hpp>

#include <array>
#include <cstdint>
#include <limits>
#include <vector>

namespace imbrex::optimum {

using nests::Extents;

struct TileClass {
  std::int64_t tiles = 1;  // that cover the dimension
  std::int64_t least = 1;  // extent of its smallest and its largest tile
  std::int64_t most = 1;
};

// Bounds of a loop that leads from tiles of one class to tiles of another: all of them, or none.
struct LoopRange {
  std::int64_t low = 1;
  std::int64_t high = 0;
  bool is_empty() const noexcept { return low > high; }
  bool meets(std::int64_t from, std::int64_t to) const noexcept {
    return low <= to && from <= high;
  }
};
inline constexpr std::int64_t kAnyBound = std::numeric_limits<std::int64_t>::max();

// Of one dimension, by ascending extent: the first is a single iteration, the last all of them.
class TileClasses {
 public:
  explicit TileClasses(std::int64_t bound);

  std::size_t size() const noexcept { return classes_.size(); }
  const TileClass& operator[](std::size_t at) const noexcept { return classes_[at]; }
  std::int64_t bound() const noexcept { return classes_.back().least; }
  LoopRange loop(std::size_t outer, std::size_t inner) const noexcept;
  // The classes that loops of any bound may lead to from a class, and those they may come from,
  // itself among them, ascending.
  const std::vector<std::uint16_t>& outside(std::size_t at) const noexcept { return outside_[at]; }
  const std::vector<std::uint16_t>& inside(std::size_t at) const noexcept { return inside_[at]; }

 private:
  std::vector<TileClass> classes_;
  std::vector<std::vector<std::uint16_t>> outside_;
  std::vector<std::vector<std::uint16_t>> inside_;
};

// A class per dimension.
using ClassTile = std::array<std::uint16_t, kDimCount>;

class ClassLattice {
 public:
  explicit ClassLattice(const LoopBounds& bounds);

  // How many tiles there would be.
  static double size_of(const LoopBounds& bounds);

  const TileClasses& of(std::size_t dim) const noexcept { return classes_[dim]; }
  std::uint32_t size() const noexcept { return size_; }
  std::uint32_t stride(std::size_t dim) const noexcept { return stride_[dim]; }
  std::int64_t tiles(std::size_t dim, const ClassTile& tile) const noexcept {
    return classes_[dim][tile[dim]].tiles;
  }
  std::uint32_t code(const ClassTile& tile) const noexcept;
  ClassTile tile(std::uint32_t code) const noexcept;
  ClassTile whole() const noexcept;
  Extents least_extents(const ClassTile& tile) const noexcept;

 private:
  std::vector<TileClasses> classes_;
  std::array<std::uint32_t, kDimCount> stride_{};
  std::uint32_t size_ = 1;
};

}  // namespace imbrex::optimum
