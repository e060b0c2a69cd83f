// What a branch of the search has decided: classes of tiles and the innermost loops of each step,
// instead of bounds and whole orders. [any thread]
#pragma once

#include "optimum/uneven_tables.hpp"

#include <array>

namespace imbrex::optimum {

// The innermost loops of a step, innermost first, up to those that move all tensors whose tiles are
// decided there or later: what is outside of them may come in any order.
using Ending = Order;

// How long a tensor's tile is kept: temporal loops outside it that do not move it, up to the
// innermost one that does.
struct ClassRun {
  std::size_t first = kDimCount;  // its dimension; kDimCount: none so far
  std::int64_t outside = 1;       // tiles of that dimension outside that loop
  LoopRange loop{1, kAnyBound};   // its bound
  std::size_t from = 0;           // the level whose loops it ends in
  // Per dimension, tiles outside of the kept loops;
  std::array<std::int64_t, kDimCount> tiles{1, 1, 1, 1, 1, 1, 1, 1};
  // what one of these is cut into at most by kept loops,
  std::array<double, kDimCount> kept{1, 1, 1, 1, 1, 1, 1, 1};
  // and by loops over instances inside the run, up to the step.
  Extents least_spread{1, 1, 1, 1, 1, 1, 1, 1};
  Extents most_spread{1, 1, 1, 1, 1, 1, 1, 1};
  std::uint32_t begins = 0;  // a bit per dimension whose kept loop is outside of all these
};
using ClassRuns = std::array<ClassRun, kRoles>;

// The loops of a step: classes of the tiles at the levels inside, and what spatial bounds may be.
struct ClassSplit {
  std::array<ClassTile, kMaxLevels + 1> tile;  // at the levels from `Step::from` + 1 to `Step::to`
  ClassTile rest{};                            // inside the temporal loops
  // Per level outside of these: instances that work are between these. They say of the loops how
  // they are unless the tile outside is all of the dimension: then more do not work.
  using Shares = std::array<std::int32_t, kDimCount>;
  std::array<Shares, kMaxLevels> least_share;
  std::array<Shares, kMaxLevels> most_share;
};

// How often the first of all instances works, per dimension: on whole tiles, and on the last one,
// which may be smaller.
struct ClassWork {
  Extents whole{0, 0, 0, 0, 0, 0, 0, 0};
  Extents last{1, 1, 1, 1, 1, 1, 1, 1};
};

struct ClassNode {
  std::size_t step = 0;  // the next to be decided
  ClassTile tile{};      // its outermost level's
  ClassRuns runs;
  Loads loads;
  double passing_by_pj =
      0;  // of what is still to come of tensors that pass by that level, at least
  std::array<double, kMaxLevels + 1> instances{1};  // that work, at most
  std::array<Extents, kMaxLevels> shares{};         // of which per level and dimension
  Extents spread{1, 1, 1, 1, 1, 1, 1, 1};           // of which per dimension
  ClassWork work;                                   // on its tiles
  std::array<ClassSplit, kMaxLevels> splits;        // per step
  std::array<Ending, kMaxLevels> endings;
};

}  // namespace imbrex::optimum
