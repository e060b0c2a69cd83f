// Least words of a tensor in tiles of a class, all places together. [any thread]
#pragma once

#include "optimum/uneven_classes.hpp"

#include <imbrex/toolkit/nests/problem.hpp>

#include <array>
#include <vector>

namespace imbrex::optimum {

// Along one coordinate, the least over all tiles of a class of each of its dimensions.
struct AxisLeast {
  double all = 0;  // points of the tiles at all places, each for itself
  // By dimension: points that are new wherever it has moved, every place once; where it goes on
  // but does not start anew; and of one place at most.
  std::array<double, 2> fresh{};
  std::array<double, 2> going_on{};
  double most = 0;
};

class ClassVolumes {
 public:
  ClassVolumes(const nests::TensorRanks& tensor, const ClassLattice& lattice);

  // All tiles at all places.
  double all(const ClassTile& tile) const noexcept;
  // What is new of them whenever the innermost loop that moves the tensor goes on, over `dim`;
  // `staying` tiles along it do not move with it.
  double moved(const ClassTile& tile, std::size_t dim, std::int64_t staying) const noexcept;

 private:
  bool is_plain(std::size_t rank) const noexcept;
  void look_at(std::size_t rank);
  const AxisLeast& of(std::size_t rank, const ClassTile& tile) const noexcept;
  double moved_along(std::size_t rank, const ClassTile& tile, std::size_t dim,
                     std::int64_t staying) const noexcept;

  const nests::TensorRanks& tensor_;
  const ClassLattice& lattice_;
  std::vector<std::vector<AxisLeast>> axes_;  // per coordinate that is not plain
};

// The most tiles that do not move with a loop of a bound in `loop` that goes on every `unit` of
// `tiles` tiles, in tiles of which there are `outside`: where it has a single iteration.
std::int64_t staying_tiles(std::int64_t tiles, std::int64_t outside, const LoopRange& loop,
                           std::int64_t unit) noexcept;
// Likewise, whatever bound and whatever unit up to `unit`; `is_outermost`: nothing is outside.
std::int64_t most_staying_tiles(std::int64_t tiles, std::int64_t unit, bool is_outermost) noexcept;

}  // namespace imbrex::optimum
