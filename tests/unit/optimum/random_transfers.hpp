// Random hierarchies in which words take other ways than from level to level when they change.
#pragma once

#include <imbrex/plugin/host.hpp>
#include <imbrex/toolkit/nests/problem.hpp>

#include <span>

namespace imbrex::test {

// Neighbours hand on input, and somewhere inside there are some that keep it. What they hand on
// often costs about what it spares outside, and often nothing else is kept, so that loops matter
// only for what comes between the steps of neighbours.
inline void add_links(Random& random, nests::Hierarchy& hierarchy) {
  hierarchy.link_transfers = true;
  const std::size_t child = 1 + random.below(hierarchy.levels.size() - 1);
  nests::Level& level = hierarchy.levels[child];
  level.keep = static_cast<nests::KeepMask>(level.keep | nests::keep_bit(1));
  const bool is_alone = random.below(3) == 0;
  for (std::size_t l = 1; is_alone && l < hierarchy.levels.size(); ++l) {
    hierarchy.levels[l].keep &= nests::keep_bit(1);
  }
  hierarchy.levels[child - 1].fanout = random.between(2, 8);
  if (random.below(2) == 0) {
    level.read_energy_pj_per_bit = 0.5 * static_cast<double>(random.between(1, 4)) *
                                   hierarchy.levels[child - 1].read_energy_pj_per_bit;
  }
}

// Some levels fetch operands for every pass of their tile, whether they still hold them or not.
inline void add_refetching(Random& random, nests::Hierarchy& hierarchy) {
  for (nests::Level& level : std::span(hierarchy.levels).subspan(1)) {
    level.refetch = static_cast<nests::KeepMask>(level.keep & random.below(4));
    hierarchy.refetches = hierarchy.refetches || level.refetch != 0;
  }
}

}  // namespace imbrex::test
