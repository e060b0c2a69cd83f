// The least that lies inside a tile of a class, step by step from the inside out. [any thread]
#pragma once

#include "optimum/uneven_parts.hpp"

#include <vector>

namespace imbrex::optimum {

// Rounded down: tables of classes are large.
struct ClassInside {
  float energy_pj = 0;
  float cycles = 0;  // of ports
};

// Of a step, per tile.
struct ClassTable {
  std::vector<ClassInside>
      from;  // what passes into the tile that the step decides, and is inside it
  std::vector<ClassInside>
      inside;  // the least of that over all tiles inside the one it begins with
};

class ClassTables {
 public:
  explicit ClassTables(const ClassParts& parts);
  static double bytes(double tiles, std::size_t steps) noexcept;

  const ClassTable& of(std::size_t step) const noexcept { return tables_[step]; }
  // Without the tensors that pass by the level at which the step begins, up to the level inside
  // that keeps them; empty: none does.
  const ClassTable& others(std::size_t step) const noexcept { return others_[step]; }
  // Energy, where what passes by takes so much: of what passes into a tile that the step decides
  // and is inside it, and of what is inside a tile that it begins with.
  double energy_from(std::size_t step, std::uint32_t code, double passing_by_pj) const noexcept {
    return energy(&ClassTable::from, step, code, passing_by_pj);
  }
  double energy_inside(std::size_t step, std::uint32_t code, double passing_by_pj) const noexcept {
    return energy(&ClassTable::inside, step, code, passing_by_pj);
  }
  // Does a level hold the smallest tiles?
  bool fits(std::size_t level, std::uint32_t code) const noexcept {
    return (fits_[code] >> level & 1) != 0;
  }

 private:
  double energy(std::vector<ClassInside> ClassTable::*of, std::size_t step, std::uint32_t code,
                double passing_by_pj) const noexcept;
  ClassWords into(std::size_t step, const Boundary& boundary, const Spread& spread,
                  const ClassTile& tile, std::size_t innermost) const noexcept;
  Loads into(std::size_t step, std::size_t outermost, const Spread& spread, const ClassTile& tile,
             std::size_t innermost) const;
  ClassInside into(std::size_t step, std::size_t outermost, const ClassTile& tile) const;
  bool fits_inside(const Step& step, std::uint32_t code) const noexcept;
  ClassTable table(std::size_t step, std::size_t outermost, const ClassTable* inner) const;
  void spread_inwards(std::size_t step, std::vector<ClassInside>& inside) const;

  const ClassParts& parts_;
  std::vector<std::uint8_t> fits_;  // bit per level
  std::vector<ClassTable> tables_;
  std::vector<ClassTable> others_;
};

}  // namespace imbrex::optimum
