// Least words of a tensor that pass into the instances of a level, all together, by tile and by the
// innermost loop outside it. [any thread]
#pragma once

#include "optimum/rank_sums.hpp"

#include <array>
#include <vector>

namespace imbrex::optimum {

struct Volumes {
  std::array<double, kDimCount> first{};  // by the dimension of the innermost loop outside;
  double apart = 0;    // if no loop keeps anything: all tiles at all places and iterations
  double repeats = 1;  // of these, by loops that the tensor does not depend on
};

class VolumeBounds {
 public:
  // `existing`: what is not in memory is not counted.
  VolumeBounds(const nests::TensorRanks& tensor, const Lattice& lattice, bool existing, bool boxes);

  Volumes of(const Tile& tile) const noexcept {
    return kept_.empty() ? made(tile) : kept_[lattice_.code(tile)];
  }
  // As Volumes::first, if the innermost loop outside is this one (RankSums::fresh). O(coordinates).
  double first(const Tile& tile, std::size_t dim, std::size_t unit, std::size_t bound,
               bool is_only) const noexcept;
  double whole() const noexcept { return whole_; }  // each point once
  bool depends_on(std::size_t dim) const noexcept { return tensor_.depends_on(dim); }
  // Once a loop of the dimension has gone on, nothing of the tile is left.
  bool is_lost_by(std::size_t dim) const noexcept { return (losing_ >> dim & 1) != 0; }
  bool has_windows() const noexcept { return (tensor_.dims & ~losing_) != 0; }
  // How many instances at most want the same, where so many differ in each dimension.
  double most_alike(const Extents& spread) const noexcept;
  // How many do at most, where the tiles of so many instances lie side by side: those of windows
  // are the same only where their first points are. No more than `most_alike`.
  double alike(const Extents& spread, const Tile& tile) const noexcept;
  // Instances at most in a row whose windows follow one another: along a coordinate, `both` of its
  // dimensions together or one of them.
  double longest_row(const Extents& spread, bool both) const noexcept;
  // How many times more than `most_alike` want the same or what such a row hands on.
  double most_linked(const Extents& spread, bool both) const noexcept;

 private:
  Volumes made(const Tile& tile) const noexcept;

  const nests::TensorRanks& tensor_;
  const Lattice& lattice_;
  std::vector<RankSums> ranks_;
  double whole_ = 1;
  std::uint32_t losing_ = 0;
  std::vector<Volumes> kept_;  // of all tiles, where they are not too many
};

}  // namespace imbrex::optimum
