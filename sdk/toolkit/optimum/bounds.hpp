// What a branch takes at least. [any thread]
#pragma once

#include "optimum/node.hpp"
#include "optimum/parts.hpp"

namespace imbrex::optimum {

// What a share of a node's work says of the boundaries, whatever the tile inside it.
struct Sharing {
  Sharing(const Parts& parts, const Node& node, const Share& share) noexcept;

  const Parts& parts;
  const Node& node;
  const Share& share;
  const Step& step;
  bool is_last;
  std::array<Extents, kMaxLevels> shares;  // per level
  std::array<double, kMaxLevels + 1> instances;
  std::uint32_t moved_outside = 0;  // a bit per dimension with temporal loops outside the step
  struct Into {
    Boundary boundary;
    std::size_t reached = 0;  // the level whose tile is known
    Passing passing;          // but for `words`
    Energies energies;
    bool fetches_all = false;
    // Of windows, all of whose instances lie side by side: what they share depends on their tiles.
    bool is_side_by_side = false;
    Extents spread;
  };
  // Those that the step decides, then those that pass by.
  std::array<Into, kRoles*(kMaxLevels + 1)> into;
  std::size_t decided = 0;
  std::size_t count = 0;

  Tile tile_of(std::size_t level, Tile inside) const noexcept;
  bool fits(const Tile& inside) const noexcept;  // the tiles between the step's levels

 private:
  void add(const Boundary& boundary, std::size_t reached) noexcept;
};

// With a tile: what passes into it.
class Inflow {
 public:
  Inflow(const Sharing& sharing, const Choice& choice) noexcept;

  // Least objective over the orders of the step's loops.
  double least() const;
  // Of one order.
  double least(const Order& order) const;
  // What tensors that pass by the tile take further inside, after loops that keep them so long.
  Loads passing_by(const Runs& runs) const noexcept;
  const Extents& bounds() const noexcept { return bounds_; }  // temporal, of the step
  // The node with everything decided but the order.
  Node next() const;

 private:
  double least_energy() const noexcept;  // the same, in energy
  // Of windows: what the loops of this step say of `Volumes::first`, and the tile of sharing.
  void sharpen(std::size_t i, const Tile& tile) noexcept;
  double words(std::size_t i, const Run& run) const noexcept;
  double words_first(std::size_t i, std::size_t innermost) const noexcept;
  // Where the innermost loop, or none, leaves the tensor where it is.
  double words_kept(std::size_t i) const noexcept;
  double worth(const Least& least) const;
  Least inside(const Loads& passing_by) const noexcept;
  // Of everything that is decided, and what is inside.
  Least with(const Loads& loads, const Loads& passing_by) const noexcept;

  const Sharing& sharing_;
  const Choice& choice_;
  Extents bounds_;
  std::uint32_t loops_ = 0;
  std::array<Volumes, kRoles*(kMaxLevels + 1)> volumes_;
  std::array<Passing, kRoles*(kMaxLevels + 1)> passing_;  // but for `words`
  std::array<Energies, kRoles*(kMaxLevels + 1)> energies_;
};

}  // namespace imbrex::optimum
