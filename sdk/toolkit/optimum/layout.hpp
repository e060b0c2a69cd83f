// Where loops may stand, level by level, and which levels are decided together. [any thread]
#pragma once

#include "optimum/lattice.hpp"

#include <imbrex/values/map_space_spec.hpp>

#include <string>
#include <vector>

namespace imbrex::optimum {

// The loops of one kind at one level.
struct Slot {
  Extents low{1, 1, 1, 1, 1, 1, 1, 1};  // per dimension the bounds that are allowed
  Extents high{1, 1, 1, 1, 1, 1, 1, 1};
  std::int64_t fanout = 1;  // spatial: largest and smallest product
  std::int64_t floor = 1;
  std::vector<std::size_t> prefix;  // dimensions of the outermost loops
  bool ordered = true;

  bool allows(std::size_t dim, std::int64_t bound) const noexcept {
    return low[dim] <= bound && bound <= high[dim];
  }
  bool has_loops() const noexcept;
  bool is_empty() const noexcept;  // a dimension may have no bound at all
};

// A level with temporal loops and those inside it up to the next one that has some: nothing can be
// said about orders before it is known which tiles they serve.
struct Step {
  std::size_t from = 0;  // the level with the temporal loops
  std::size_t to = 0;  // the next one, whose tile the step decides; the number of levels: the MACs
};

struct Layout {
  std::vector<Slot> temporal;  // per level
  std::vector<Slot> spatial;
  std::vector<Step> steps;
  bool is_empty = false;  // no mapping is in the space, whatever the capacities
  // Why the space is none that loop nests on a hierarchy have; empty: it is one.
  std::string unknown;
};

Layout layout_of(const MapSpaceSpec& space, std::size_t levels);

}  // namespace imbrex::optimum
