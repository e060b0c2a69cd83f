// Everything about a question whose factors need not divide that does not depend on what is
// decided. [any thread]
#pragma once

#include "optimum/parts.hpp"
#include "optimum/uneven_volumes.hpp"

#include <array>
#include <vector>

namespace imbrex::optimum {

using nests::kMaxLevels;
using nests::kRoles;

// Bounds of spatial loops per level and dimension.
using Spread = std::array<Extents, kMaxLevels>;
Extents product_of(const Spread& spread, std::size_t from, std::size_t to) noexcept;

// What passes a boundary at least: into all instances of the inner level, out of those of the outer
// one, which read once what several share.
struct ClassWords {
  double into = 0;
  double read = 0;
  double ever = 0;  // of results, at most: points that instances of the inner level ever hold
};

MapSpaceSpec as_if_even(MapSpaceSpec space);

struct ClassParts {
  const Question& question;
  Layout layout;  // as if factors had to divide
  optimum::Lattice divisors;
  Boundaries boundaries;
  Counter counter;
  ClassLattice lattice;
  std::vector<ClassVolumes> volumes;  // per role
  bool by_latency;                    // the objective depends on
  bool by_energy;
  // At most, per level: the bound of its spatial loops by dimension, and its instances.
  std::array<Extents, kMaxLevels + 1> shares;
  std::array<double, kMaxLevels + 1> instances;
  // Those that no others exceed at all levels; where they are many, one that exceeds all.
  std::vector<Spread> spreads;

  explicit ClassParts(const Question& asked);
  ClassParts(const ClassParts&) = delete;
  ClassParts& operator=(const ClassParts&) = delete;

  std::size_t levels() const noexcept { return boundaries.levels(); }
  bool depends_on(std::size_t role, std::size_t dim) const noexcept {
    return question.problem.tensor[role].depends_on(dim);
  }
  // Products of `shares` over levels.
  Extents most_shares(std::size_t from, std::size_t to) const noexcept;
  // Instances that differ in so much of each dimension and want the same of a tensor's windows.
  double alike_windows(std::size_t role, Extents spread) const noexcept;
  void add(const Boundary& boundary, const ClassWords& words,
           const std::array<double, kMaxLevels + 1>& instances_of, Loads& loads) const noexcept;
  // What a layer is worth that takes at least so much: `steps` of the MACs, `cycles` of ports.
  double worth(double energy_pj, double steps, double cycles) const;
};

}  // namespace imbrex::optimum
