// The loops of a mapping with their strides, and the tile of every level. [any thread]
#pragma once

#include <imbrex/toolkit/nests/problem.hpp>
#include <imbrex/values/mapping.hpp>

#include <array>

namespace imbrex::nests {

using Extents = std::array<std::int64_t, kDimCount>;

// One loop with the distance between its iterations in its dimension.
struct Step {
  std::int64_t bound;
  std::int64_t stride;
  std::size_t dim;
};

// The loops of a mapping, innermost first, without those of bound 1. Left uninitialised where
// nothing is read: this is made once per mapping.
struct Nest {
  bool legal = true;
  // A bit per dimension whose loops go on beyond its end (`names_too_much`).
  std::uint32_t uneven = 0;
  std::size_t temporal_count = 0;
  std::size_t spatial_count = 0;
  std::int64_t steps = 1;  // of every MAC
  std::array<Step, kMaxLoops> temporal;
  std::array<Step, kMaxLoops> spatial;
  // Tile of one instance of each level; [levels] is a single MAC.
  std::array<Extents, kMaxLevels + 1> extent;
  std::array<std::int64_t, kMaxLevels> fanout;  // spatial loops of the level
  // How many temporal and spatial loops belong to this level or to those inside it.
  std::array<std::size_t, kMaxLevels + 1> temporal_inside;
  std::array<std::size_t, kMaxLevels + 1> spatial_inside;
};

// `legal` is false when loops are not ordered by level, spatial inside temporal.
Nest read(const Mapping& mapping, std::size_t levels) noexcept;

}  // namespace imbrex::nests
