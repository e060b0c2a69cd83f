// Do the tiles of a nest that is being built fit? `count` asks the same of whole mappings; this
// measures only the levels that a loop enlarges.
#pragma once

#include "counting.hpp"

#include <imbrex/toolkit/nests/problem.hpp>
#include <imbrex/toolkit/nests/tile.hpp>

#include <algorithm>
#include <vector>

namespace imbrex::loop_nest {

class TileRoom {
 public:
  // `whole`: the tile of the outermost level, whatever the loops inside it are.
  TileRoom(const Problem& problem, const Hierarchy& hierarchy, const Extents& whole)
      : problem_(problem), hierarchy_(hierarchy), extent_(hierarchy.levels.size()) {
    for (Extents& extent : extent_) {
      extent.fill(1);
    }
    extent_.front() = whole;
  }

  // A loop that belongs to `level`. O(levels).
  void multiply(std::size_t level, std::size_t dim, std::int64_t bound) noexcept {
    for (std::size_t l = 1; l <= level; ++l) {
      extent_[l][dim] *= bound;
    }
  }
  // Do the tiles of all levels fit, with a loop more at `level`? Those inside it stay as they are.
  bool fits() const noexcept { return fits(0, hierarchy_.levels.size() - 1, 0, 1); }
  bool fits_with(std::size_t level, std::size_t dim, std::int64_t bound) const noexcept {
    return fits(1, level, dim, bound);
  }

 private:
  bool fits(std::size_t first, std::size_t last, std::size_t dim,
            std::int64_t bound) const noexcept {
    for (std::size_t l = first; l <= last; ++l) {
      const Level& level = hierarchy_.levels[l];
      if (level.capacity_bits <= 0) {
        continue;
      }
      Extents extent = extent_[l];
      extent[dim] *= bound;
      for (std::size_t d = 0; existing_ && d < kDimCount; ++d) {
        extent[d] = std::min(extent[d], problem_.bounds.bound[d]);
      }
      std::int64_t bits = 0;
      for (std::size_t role = 0; role < kRoles; ++role) {
        if ((level.keep & keep_bit(role)) != 0) {
          Tile tile;
          tile.measure(problem_.tensor[role], extent, hierarchy_.counting);
          bits += (existing_ ? tile.existing_words() : tile.words()) * bits_[role];
        }
      }
      if (bits > level.capacity_bits) {
        return false;
      }
    }
    return true;
  }

  // Which loops will stand outside a level is not known yet: all partial sums are wide.
  static std::array<std::int64_t, kRoles> bits_of(const Problem& problem) noexcept {
    std::array<std::int64_t, kRoles> bits = problem.bits;
    bits[index(Role::outputs)] = std::max(bits[index(Role::outputs)], problem.partial_sum_bits);
    return bits;
  }

  const Problem& problem_;
  const Hierarchy& hierarchy_;
  std::array<std::int64_t, kRoles> bits_ = bits_of(problem_);
  bool existing_ = hierarchy_.counting == Counting::exact && !hierarchy_.link_transfers &&
                   !hierarchy_.refetches && !problem_.divides;
  std::vector<Extents> extent_;  // of a tile of each level
};

}  // namespace imbrex::loop_nest
