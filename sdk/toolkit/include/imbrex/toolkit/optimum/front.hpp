// What latency and energy an operator's mappings can have at best: the mappings of a map space of
// which none is both faster and less in energy, by the branch and bound of optimum.hpp, with a
// proof that there are no others. [any thread]
#pragma once

#include <imbrex/toolkit/optimum/optimum.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace imbrex::optimum {

struct FrontPoint {
  Mapping mapping;
  LayerCost cost;
};

struct Front {
  // Fastest first; each takes less energy than the one before. None: no mapping of the space is
  // feasible, if `proved`.
  std::vector<FrontPoint> points;
  // Every mapping of the space is no faster than some point and takes no less energy, within
  // `kMargin` or `Limits::gap` of it; before points were left out.
  bool proved = false;
  std::string unproved;     // why not
  std::size_t found = 0;    // points before some were left out
  std::int64_t states = 0;  // tiles and shares looked at
  std::int64_t leaves = 0;  // whole mappings counted
};

// `space`, `problem`, `hierarchy`: as in Question. `Limits::max_states` counts the tiles of tables,
// too, those that are made before anything is looked at included. `most_points`: 0: all; otherwise
// at most that many are left, first in `evenly_spread`. Deterministic, unless interrupted: then the
// points are those of that moment. Time: exponential in the worst case; memory: as `solve`, and the
// points.
Front front(const MapSpaceSpec& space, const nests::Problem& problem,
            const nests::Hierarchy& hierarchy, const Limits& limits, std::size_t most_points = 0);

// The places 0 to count - 1 so that the first of them, however many, are spread over all: both
// ends, then the middle, then the middles of what is left. O(count).
std::vector<std::size_t> evenly_spread(std::size_t count);

}  // namespace imbrex::optimum
