// File: nest.hpp
//
// The loops of a mapping with their strides, and the tile of every level. [any thread]
#pragma once

#include "problem.hpp"

#include <imbrex/mapping.hpp>

#include <array>

namespace imbrex::loop_nest {

using Extents = std::array<std::int64_t, kDimCount>;

// One loop with the distance between its iterations in its dimension.
struct Step {
  std::int64_t bound = 1;
  std::int64_t stride = 1;
  std::size_t dim = 0;
  std::size_t level = 0;
  bool temporal = true;
};

// The loops of a mapping, innermost first, without those of bound 1.
struct Nest {
  bool legal = true;
  std::array<Step, kMaxLoops> step;
  std::size_t count = 0;
  // Tile of one instance of each level; [levels] is a single MAC.
  std::array<Extents, kMaxLevels + 1> extent;
  std::array<std::int64_t, kMaxLevels> fanout;     // spatial loops of the level
  std::array<std::size_t, kMaxLevels + 1> inside;  // steps of this level and of those inside it
  std::int64_t steps = 1;
};

// `legal` is false when loops are not ordered by level, spatial inside temporal.
Nest read(const Mapping& mapping, std::size_t levels) noexcept;

}  // namespace imbrex::loop_nest
