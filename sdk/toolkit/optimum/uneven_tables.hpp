// The least that lies inside a tile of a class, step by step from the inside out. [any thread]
#pragma once

#include "optimum/uneven_parts.hpp"

#include <vector>

namespace imbrex::optimum::uneven {

// Rounded down: tables of classes are large.
struct Inside {
  float energy_pj = 0;
  float cycles = 0;  // of ports
};

// Of a step, per tile.
struct ClassTable {
  std::vector<Inside> from;    // what passes into the tile that the step decides, and is inside it
  std::vector<Inside> inside;  // the least of that over all tiles inside the one it begins with
};

class ClassTables {
 public:
  explicit ClassTables(const Parts& parts);
  static double bytes(double tiles, std::size_t steps) noexcept;

  const ClassTable& of(std::size_t step) const noexcept { return tables_[step]; }
  // Does a level hold the smallest tiles?
  bool fits(std::size_t level, std::uint32_t code) const noexcept {
    return (fits_[code] >> level & 1) != 0;
  }

 private:
  Words into(std::size_t step, const Boundary& boundary, const ClassTile& tile,
             std::size_t innermost) const noexcept;
  Inside into(std::size_t step, const ClassTile& tile) const;
  bool fits_inside(const Step& step, std::uint32_t code) const noexcept;
  ClassTable table(std::size_t step) const;
  void spread_inwards(std::size_t step, std::vector<Inside>& inside) const;

  const Parts& parts_;
  std::vector<std::uint8_t> fits_;  // bit per level
  std::vector<ClassTable> tables_;
};

}  // namespace imbrex::optimum::uneven
