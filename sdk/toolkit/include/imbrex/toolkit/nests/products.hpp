// Products of the loops of a nest, made once per mapping for all tensors.
#pragma once

#include <imbrex/toolkit/nests/nest.hpp>
#include <imbrex/toolkit/nests/problem.hpp>

#include <array>

namespace imbrex::nests {

// Products of loops, per level and tensor.
struct Products {
  // Temporal loops outside the level, from the outermost to the innermost that moves the tensor:
  // how often an instance gets a new tile when no two of them overlap.
  std::array<std::array<std::int64_t, kRoles>, kMaxLevels> tiles;
  // Spatial loops of the level that move the tensor.
  std::array<std::array<std::int64_t, kRoles>, kMaxLevels> spread;
  std::array<std::uint32_t, kMaxLevels> spread_dims;
  std::array<std::int64_t, kMaxLevels> outputs;           // tiles that differ, of outputs
  std::array<std::int64_t, kMaxLoops + 1> temporal_from;  // temporal loops from the i-th on

  Products(const Problem& problem, const Nest& nest, std::size_t levels) noexcept {
    const std::uint32_t weights = problem.tensor[0].dims;
    const std::uint32_t inputs = problem.tensor[1].dims;
    const std::uint32_t results = problem.tensor[2].dims;
    std::array<std::int64_t, kRoles> now{1, 1, 1};
    std::int64_t all = 1;
    std::int64_t differing = 1;
    std::size_t i = nest.temporal_count;
    temporal_from[i] = 1;
    for (std::size_t l = 0; l < levels; ++l) {
      while (i > nest.temporal_inside[l]) {
        const Step& step = nest.temporal[--i];
        const std::uint32_t bit = 1u << step.dim;
        all *= step.bound;
        temporal_from[i] = all;
        now[0] = (weights & bit) != 0 ? all : now[0];
        now[1] = (inputs & bit) != 0 ? all : now[1];
        now[2] = (results & bit) != 0 ? all : now[2];
        differing *= (results & bit) != 0 ? step.bound : 1;
      }
      tiles[l] = now;
      outputs[l] = differing;
    }
    std::size_t s = nest.spatial_count;
    for (std::size_t l = 0; l < levels; ++l) {
      std::array<std::int64_t, kRoles> mine{1, 1, 1};
      std::uint32_t dims = 0;
      while (s > nest.spatial_inside[l + 1]) {
        const Step& step = nest.spatial[--s];
        const std::uint32_t bit = 1u << step.dim;
        mine[0] *= (weights & bit) != 0 ? step.bound : 1;
        mine[1] *= (inputs & bit) != 0 ? step.bound : 1;
        mine[2] *= (results & bit) != 0 ? step.bound : 1;
        dims |= bit;
      }
      spread[l] = mine;
      spread_dims[l] = dims;
    }
  }
};

}  // namespace imbrex::nests
