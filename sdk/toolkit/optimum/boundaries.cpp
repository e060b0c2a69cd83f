#include "optimum/boundaries.hpp"

#include <imbrex/toolkit/nests/tile.hpp>

#include <algorithm>

namespace imbrex::optimum {

Boundaries::Boundaries(const nests::Problem& problem, const nests::Hierarchy& hierarchy,
                       const Layout& layout, const Lattice& lattice)
    : problem_(problem),
      hierarchy_(hierarchy),
      exact_(hierarchy.counting == nests::Counting::exact),
      existing_(exact_ && !problem.divides && !hierarchy.link_transfers && !hierarchy.refetches),
      of_step_(layout.steps.size()),
      passing_by_(layout.steps.size()),
      later_(layout.steps.size(), 0),
      linked_(layout.steps.size(), 0) {
  for (std::size_t role = 0; role < kRoles; ++role) {
    volumes_.emplace_back(problem.tensor[role], lattice, existing_, !exact_);
    std::size_t parent = 0;
    std::size_t step = 0;
    for (std::size_t l = 1; l <= levels(); ++l) {
      step += l > layout.steps[step].to ? 1 : 0;
      if (l < levels() && (hierarchy.levels[l].keep & nests::keep_bit(role)) == 0) {
        continue;
      }
      of_step_[step].push_back({role, parent, l});
      for (std::size_t before = 0; before < step && l < levels(); ++before) {
        if (parent < layout.steps[before + 1].from && !volumes_.back().has_windows()) {
          passing_by_[before + 1].push_back({role, parent, l});
        }
        later_[before] = static_cast<std::uint8_t>(later_[before] | 1u << role);
      }
      parent = l;
    }
  }
  note_links(layout);
}

bool Boundaries::has_links(const Boundary& boundary) const noexcept {
  return hierarchy_.link_transfers && boundary.role != kResults && boundary.child < levels() &&
         volumes_[boundary.role].has_windows();
}

void Boundaries::note_links(const Layout& layout) {
  for (std::size_t step = layout.steps.size(); step-- > 0;) {
    linked_[step] = step + 1 < layout.steps.size() ? linked_[step + 1] : std::uint8_t{0};
    for (const Boundary& boundary : of_step_[step]) {
      Extents spread{1, 1, 1, 1, 1, 1, 1, 1};
      for (std::size_t l = exact_ ? boundary.parent : boundary.child - 1; l < boundary.child; ++l) {
        for (std::size_t d = 0; d < kDimCount; ++d) {
          const Slot& slot = layout.spatial[l];
          spread[d] *= slot.fanout > 1 && slot.high[d] > 1 ? 2 : 1;
        }
      }
      const bool in_rows = volumes_[boundary.role].longest_row(spread, false) > 1;
      linked_[step] = static_cast<std::uint8_t>(
          linked_[step] | (has_links(boundary) && in_rows ? 1u << boundary.role : 0));
    }
  }
}

double Boundaries::most_alike(const Boundary& boundary, const Extents& spread) const noexcept {
  const VolumeBounds& tensor = volumes_[boundary.role];
  return tensor.most_alike(spread) *
         (has_links(boundary) ? tensor.most_linked(spread, !exact_) : 1);
}

// Timeloop leaves uncharged what all but one instance of a row take from a neighbour, but for the
// share of one of the levels above them, and rounds that up for every instance.
Passing Boundaries::passing(const Boundary& boundary, const Extents& spread,
                            const std::array<double, kMaxLevels + 1>& instances) const noexcept {
  Passing passing{0, most_alike(boundary, spread)};
  if (!exact_ && has_links(boundary)) {
    const double row = volumes_[boundary.role].longest_row(spread, true);
    const double uncharged = (1 - 1 / row) * (1 - 1 / instances[boundary.child - 1]);
    passing.written = 1 - uncharged;
    passing.unwritten = uncharged > 0 ? passing.written * instances[boundary.child] : 0;
  }
  return passing;
}

Energies Boundaries::energies(const Boundary& boundary, const Passing& passing) const noexcept {
  const nests::Level& parent = hierarchy_.levels[boundary.parent];
  const auto bits = static_cast<double>(problem_.bits[boundary.role]);
  const bool is_result = boundary.role == kResults;
  const double handed =
      parent.read_energy_pj_per_bit + (is_result ? parent.write_energy_pj_per_bit : 0);
  Energies energies{bits * handed / passing.alike, 0,
                    is_result ? passing.ever : passing.unwritten / passing.written, 0};
  if (boundary.child < levels()) {
    const nests::Level& child = hierarchy_.levels[boundary.child];
    energies.per_back = bits * passing.written * child.write_energy_pj_per_bit;
    if (is_result && exact_) {
      energies.per_back += bits * child.read_energy_pj_per_bit;
    } else if (is_result) {
      energies.less = bits * passing.ever * child.read_energy_pj_per_bit;
    }
  }
  return energies;
}

void Boundaries::add(const Boundary& boundary, const Passing& passing,
                     const std::array<double, kMaxLevels + 1>& instances,
                     Loads& loads) const noexcept {
  const auto bits = static_cast<double>(problem_.bits[boundary.role]);
  const double by_parent = bits * passing.words / passing.alike / instances[boundary.parent];
  const bool is_result = boundary.role == kResults;
  loads.energy_pj += energies(boundary, passing).of(passing.words);
  loads.read_bits[boundary.parent] += by_parent;
  if (is_result) {
    loads.written_bits[boundary.parent] += by_parent;
  }
  if (boundary.child == levels()) {
    return;
  }
  // What comes from outside.
  const double back =
      is_result ? bits * std::max(0.0, passing.words - passing.ever)
                : bits * std::max(0.0, passing.words * passing.written - passing.unwritten);
  loads.written_bits[boundary.child] += back / instances[boundary.child];
  if (is_result) {
    const double drained = exact_ ? back : -bits * passing.ever;
    loads.read_bits[boundary.child] += drained / instances[boundary.child];
  }
}

double Boundaries::cycles(const Loads& loads) const noexcept {
  double cycles = 0;
  for (std::size_t l = 0; l < levels(); ++l) {
    const nests::Level& level = hierarchy_.levels[l];
    if (level.read_bits_per_cycle > 0) {
      cycles = std::max(cycles, loads.read_bits[l] / level.read_bits_per_cycle);
    }
    if (level.write_bits_per_cycle > 0) {
      cycles = std::max(cycles, loads.written_bits[l] / level.write_bits_per_cycle);
    }
  }
  return cycles;
}

bool Boundaries::fits(std::size_t level, const Extents& extents) const noexcept {
  const nests::Level& given = hierarchy_.levels[level];
  std::int64_t bits = 0;
  for (std::size_t role = 0; given.capacity_bits > 0 && role < kRoles; ++role) {
    if ((given.keep & nests::keep_bit(role)) != 0) {
      nests::Tile tile;
      tile.measure(problem_.tensor[role], extents, hierarchy_.counting);
      bits += (existing_ ? tile.existing_words() : tile.words()) * problem_.bits[role];
    }
  }
  return given.capacity_bits <= 0 || bits <= given.capacity_bits;
}

}  // namespace imbrex::optimum
