// Per tile, the least that whatever lies inside it can take: bounds for everything that is not
// decided yet, made once per operator, inside out. [any thread]
#pragma once

#include "optimum/boundaries.hpp"

#include <vector>

namespace imbrex::optimum {

struct Least {
  double energy_pj = 0;
  double cycles = 0;  // of ports
};

class Tables {
 public:
  // `with_spreads`: fill `most_spread`, too.
  Tables(const Boundaries& boundaries, const Layout& layout, const Lattice& lattice,
         bool with_spreads);

  // Inside a tile at which a step begins. Infinite: no mapping has such a tile.
  const Least& inside(std::size_t step, std::uint32_t tile) const noexcept {
    return inside_[step][tile];
  }
  // The same and what passes into the tile that a step decides.
  const Least& from(std::size_t step, std::uint32_t tile) const noexcept {
    return from_[step][tile];
  }
  // Largest product of spatial loops of a level and those inside it, within a tile.
  std::int64_t most_spread(std::size_t level, std::uint32_t tile) const noexcept {
    return spread_[level].empty() ? 1 : spread_[level][tile];
  }
  static double bytes(double tiles, std::size_t steps, std::size_t levels) noexcept {
    return tiles * (32.0 * static_cast<double>(steps) + 8.0 * static_cast<double>(levels));
  }

 private:
  void limit_instances(const Layout& layout);
  double unread_bits(const Boundary& boundary, const Passing& passing) const noexcept;
  Least passing(std::size_t step, const Tile& tile) const;
  void add_outer(std::size_t step);
  void add_spreads(std::size_t level);

  const Boundaries& boundaries_;
  const Layout& layout_;
  const Lattice& lattice_;
  std::array<Extents, kMaxLevels> shares_{};        // most, per level
  std::array<double, kMaxLevels + 1> instances_{};  // most
  std::vector<std::vector<Least>> inside_;          // per step
  std::vector<std::vector<Least>> from_;
  std::vector<std::vector<std::int64_t>> spread_;  // per level
};

}  // namespace imbrex::optimum
