// What words that pass between two levels take: energy, and time of ports. [any thread]
#pragma once

#include "optimum/layout.hpp"
#include "optimum/volumes.hpp"

#include <imbrex/toolkit/nests/problem.hpp>

#include <algorithm>
#include <array>
#include <limits>
#include <vector>

namespace imbrex::optimum {

using nests::kMaxLevels;
using nests::kRoles;
// What no mapping takes.
inline constexpr double kNever = std::numeric_limits<double>::infinity();
inline constexpr std::size_t kResults = index(nests::Role::outputs);

// A tensor passes from one level to the next one inside that keeps it; the number of levels: MACs.
struct Boundary {
  std::size_t role = 0;
  std::size_t parent = 0;
  std::size_t child = 0;
};

// Of what is decided so far, or at least of what is not. Results are as wide as complete ones.
struct Loads {
  double energy_pj = 0;
  std::array<double, kMaxLevels> read_bits{};  // through the port of the busiest instance
  std::array<double, kMaxLevels> written_bits{};
};

// What passes a boundary.
struct Passing {
  double words = 0;  // into all instances of the inner level
  double alike = 1;  // instances at most that share what the outer level reads once, or hand it on
  double ever = 0;   // results: points that instances of the inner level ever hold
  // Of `words`, what the inner level writes at least: this part of them, less so many. Timeloop
  // does not charge all that neighbours hand on.
  double written = 1;
  double unwritten = 0;
};

// What words take that pass a boundary.
struct Energies {
  double per_word = 0;
  double per_back = 0;  // for each but for so many: results that are held for the first time, what
  double ever = 0;      // is not charged
  double less = 0;
  double of(double words) const noexcept {
    return words * per_word + std::max(0.0, words - ever) * per_back - less;
  }
};

class Boundaries {
 public:
  Boundaries(const nests::Problem& problem, const nests::Hierarchy& hierarchy, const Layout& layout,
             const Lattice& lattice);

  // Those that a step decides.
  const std::vector<Boundary>& of_step(std::size_t step) const noexcept { return of_step_[step]; }
  const VolumeBounds& volumes(std::size_t role) const noexcept { return volumes_[role]; }
  // Those of later steps that begin outside the level at which the step begins, of tensors whose
  // tiles never overlap; those of MACs not.
  const std::vector<Boundary>& passing_by(std::size_t step) const noexcept {
    return passing_by_[step];
  }
  // Does a step after this one decide a boundary of the tensor, but for that of the MACs?
  bool goes_on(std::size_t step, std::size_t role) const noexcept {
    return (later_[step] >> role & 1) != 0;
  }
  // Does the order of the loops of a step or of those outside it decide what neighbours hand on of
  // the tensor, at a boundary of this step or a later one?
  bool hands_on(std::size_t step, std::size_t role) const noexcept {
    return (linked_[step] >> role & 1) != 0;
  }
  // May neighbours hand on what they get?
  bool has_links(const Boundary& boundary) const noexcept;
  bool is_exact() const noexcept { return exact_; }
  // Does every tile come anew, as a MAC keeps nothing and some levels fetch again what they hold?
  bool fetches_all(const Boundary& boundary) const noexcept {
    return boundary.child == levels() ||
           (hierarchy_.levels[boundary.child].refetch & nests::keep_bit(boundary.role)) != 0;
  }

  // Of so many words, by whatever `Passing::words` will be.
  Energies energies(const Boundary& boundary, const Passing& passing) const noexcept;
  // But for `words` and `ever`: where so many instances at most differ in each dimension below one
  // of the outer level, of so many per level. O(coordinates).
  Passing passing(const Boundary& boundary, const Extents& spread,
                  const std::array<double, kMaxLevels + 1>& instances) const noexcept;
  double most_alike(const Boundary& boundary, const Extents& spread) const noexcept;
  // `instances`: per level. O(1).
  void add(const Boundary& boundary, const Passing& passing,
           const std::array<double, kMaxLevels + 1>& instances, Loads& loads) const noexcept;
  double cycles(const Loads& loads) const noexcept;  // of the slowest port

  std::size_t levels() const noexcept { return hierarchy_.levels.size(); }
  const nests::Problem& problem() const noexcept { return problem_; }
  const nests::Hierarchy& hierarchy() const noexcept { return hierarchy_; }
  bool fits(std::size_t level, const Extents& extents) const noexcept;

 private:
  void note_links(const Layout& layout);

  const nests::Problem& problem_;
  const nests::Hierarchy& hierarchy_;
  bool exact_;
  bool existing_;
  std::vector<VolumeBounds> volumes_;
  std::vector<std::vector<Boundary>> of_step_;
  std::vector<std::vector<Boundary>> passing_by_;
  std::vector<std::uint8_t> later_;   // per step, a bit per role
  std::vector<std::uint8_t> linked_;  // likewise
};

}  // namespace imbrex::optimum
