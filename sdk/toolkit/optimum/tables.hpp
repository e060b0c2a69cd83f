// Per tile, the least that whatever lies inside it can take: bounds for everything that is not
// decided yet, made once per operator, inside out. [any thread]
#pragma once

#include "optimum/boundaries.hpp"

#include <algorithm>
#include <vector>

namespace imbrex::optimum {

struct Least {
  double energy_pj = 0;
  double cycles = 0;  // of ports
};
inline void lower(Least& least, const Least& other) noexcept {
  least = {std::min(least.energy_pj, other.energy_pj), std::min(least.cycles, other.cycles)};
}
inline void lower(double& least, double other) noexcept {
  least = std::min(least, other);
}

// Of the tiles at which a step begins, and of those that it decides, by their numbers.
struct StepTable {
  std::vector<Least> inside;
  std::vector<Least> from;  // what lies inside and what passes into the tile
};

// What is known of a boundary before anything is decided.
struct Cap {
  Boundary boundary;
  Passing passing;       // but for `words` and `ever`
  double reduced = 1;    // most instances that hold shares of one result
  bool is_tile = false;  // its tile is the one that the step decides
};

class Tables {
 public:
  // `with_spreads`: `most_spread`, too.
  Tables(const Boundaries& boundaries, const Layout& layout, const Lattice& lattice,
         bool with_spreads);

  // Infinite: no mapping has such a tile.
  const StepTable& all(std::size_t step) const noexcept { return all_[step]; }
  // Without the tensors that pass by the level at which the step begins (`Boundaries::passing_by`):
  // who knows how long they are kept further outside knows more of them than any table.
  const StepTable& others(std::size_t step) const noexcept {
    return others_[step].from.empty() ? all_[step] : others_[step];
  }
  // Of what lies inside a tile that a step decides; 0: MACs. `others`: without boundaries that
  // begin outside the step.
  double inside_of(std::size_t step, std::uint32_t tile) const noexcept {
    return step + 1 < all_.size() ? all_[step + 1].inside[tile].energy_pj : 0;
  }
  double inside_of_others(std::size_t step, std::uint32_t tile) const noexcept {
    return others_inside_[step].empty() ? inside_of(step, tile)
                                        : others_inside_[step][tile].energy_pj;
  }
  // But for `words`, which the innermost loop outside decides.
  Passing passing(const Cap& cap, const Tile& tile, Volumes& volumes) const noexcept;
  // The least over all tiles inside one that a step can make of it, dimension by dimension, after
  // each of which done(dimension) is called.
  template <class Number, class Done>
  void spread_inwards(std::size_t step, std::vector<Number>& inside, Done&& done) const;
  // Can a step make a smaller tile along the dimension?
  bool is_split(std::size_t step, std::size_t dim) const noexcept;
  // Does a tile fit a level?
  bool fits(std::size_t level, std::uint32_t tile) const noexcept {
    return (fits_[tile] >> level & 1) != 0;
  }
  const Cap& cap(const Boundary& boundary) const noexcept {
    return caps_[boundary.role][boundary.child];
  }
  double most_instances(std::size_t level) const noexcept { return instances_[level]; }
  // Most instances at `child` that differ only in what they add up, per one at `parent`.
  Extents most_shares(std::size_t parent, std::size_t child) const noexcept;
  // Largest product of spatial loops of a level and those inside it, within a tile.
  std::int64_t most_spread(std::size_t level, std::uint32_t tile) const noexcept {
    return spread_[level].empty() ? 1 : spread_[level][tile];
  }
  static double bytes(double tiles, std::size_t steps, std::size_t levels) noexcept {
    return tiles * (80.0 * static_cast<double>(steps) + 8.0 * static_cast<double>(levels) + 1);
  }

 private:
  void limit_instances();
  void measure();
  Cap cap_of(const Boundary& boundary, std::size_t step) const;
  double unread_bits(const Boundary& boundary, const Passing& passing) const noexcept;
  Least into(std::size_t step, std::size_t outermost, const Tile& tile) const;
  StepTable table(std::size_t step, std::size_t outermost, const StepTable* inner) const;
  void add_spreads(std::size_t level);

  const Boundaries& boundaries_;
  const Layout& layout_;
  const Lattice& lattice_;
  std::array<Extents, kMaxLevels> shares_{};        // most, per level
  std::array<double, kMaxLevels + 1> instances_{};  // most
  std::array<std::array<Cap, kMaxLevels + 1>, kRoles> caps_;
  std::vector<std::uint8_t> fits_;  // per tile, a bit per level
  std::vector<StepTable> all_;
  std::vector<StepTable> others_;
  std::vector<std::vector<Least>> others_inside_;  // of the next step
  std::vector<std::vector<std::int64_t>> spread_;  // per level
};

template <class Number, class Done>
void Tables::spread_inwards(std::size_t step, std::vector<Number>& inside, Done&& done) const {
  for (std::size_t d = 0; d < kDimCount; ++d) {
    for (std::uint32_t code = is_split(step, d) ? lattice_.size() : 0; code-- > 0;) {
      const std::size_t at = code / lattice_.stride(d) % lattice_.count(d);
      for (std::size_t less = 0; less < at; ++less) {
        if (lattice_.quotient(d, at, less) != kNoDivisor) {
          lower(inside[code],
                inside[code - static_cast<std::uint32_t>(at - less) * lattice_.stride(d)]);
        }
      }
    }
    done(d);
  }
}

}  // namespace imbrex::optimum
