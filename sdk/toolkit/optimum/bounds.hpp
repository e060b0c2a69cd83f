// What a branch takes at least. [any thread]
#pragma once

#include "optimum/node.hpp"
#include "optimum/parts.hpp"

namespace imbrex::optimum {

// A choice with what passes into its tiles, whatever the order.
class Inflow {
 public:
  Inflow(const Parts& parts, const Node& node, const Choice& choice) noexcept;

  bool fits() const noexcept;  // the tiles between the step's levels

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
  struct Into {
    Boundary boundary;
    Volumes volumes;
    Passing passing;
  };
  void add(const Boundary& boundary, std::size_t reached) noexcept;
  Extents tile_of(std::size_t level) const noexcept;
  double words(const Into& into, std::size_t innermost) const noexcept;
  double words(const Into& into, const Run& run) const noexcept;
  double objective(const Loads& loads, const Loads& passing_by) const;

  const Parts& parts_;
  const Node& node_;
  const Choice& choice_;
  const Step& step_;
  bool is_last_;
  Extents bounds_;
  std::uint32_t loops_ = 0;
  std::array<Extents, kMaxLevels> shares_;  // per level
  std::array<double, kMaxLevels + 1> instances_;
  std::array<Into, kRoles*(kMaxLevels + 1)> into_;
  std::size_t count_ = 0;  // of `into_` that the step decides; then those that pass by
  std::size_t with_others_ = 0;
};

}  // namespace imbrex::optimum
