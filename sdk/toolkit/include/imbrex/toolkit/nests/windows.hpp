// Tensors with coordinates of two dimensions, whose tiles overlap: what plain products cannot say.
#pragma once

#include <imbrex/toolkit/nests/point_sets.hpp>
#include <imbrex/toolkit/nests/products.hpp>
#include <imbrex/toolkit/nests/tile.hpp>

#include <algorithm>
#include <array>

namespace imbrex::nests {

// Tensors whose tiles overlap while a window slides.
class Windows {
 public:
  Windows(const TensorRanks& tensor, const Nest& nest, const Products& products) noexcept
      : tensor_(tensor), nest_(nest), products_(products) {}

  // Words that enter an instance over the whole run, its first tile included. `exact` counting:
  // timeloop_walk.hpp has the other one.
  std::int64_t turnover(const Tile& tile, std::size_t level) const noexcept {
    Shifts wound;  // how far the loops inside have moved it
    std::fill_n(wound.begin(), tensor_.count, 0);
    bool moved_inside = false;
    std::size_t lost = kNone;  // a coordinate that the loops inside have wound beyond the tile
    std::int64_t changes = 0;  // during one pass of the loops seen so far
    for (std::size_t i = nest_.temporal_inside[level]; i < nest_.temporal_count; ++i) {
      const Step& step = nest_.temporal[i];
      const std::int64_t shift = tensor_.factor_of_dim[step.dim] * step.stride;
      const std::size_t rank = tensor_.rank_of_dim[step.dim];
      std::int64_t fresh = 0;
      if (lost != kNone && (lost != rank || shift == 0)) {
        fresh = tile.words();
      } else if (shift != 0 || moved_inside) {
        fresh = tile.words() - tile.shared(rank, shift, wound);
      }
      changes = changes * step.bound + (step.bound - 1) * fresh;
      if (shift != 0) {
        moved_inside = true;
        wound[rank] += (step.bound - 1) * shift;
        if (tile.is_beyond(rank, wound[rank])) {
          // Loops of one dimension only go on; after two coordinates nothing brings the tile back.
          if (tensor_.rank[rank].factor[1] == 0 || (lost != kNone && lost != rank)) {
            return (tile.words() + changes) * products_.temporal_from[i + 1];
          }
          lost = rank;
        }
      }
    }
    return tile.words() + changes;
  }

  // What neighbours hand one another instead of fetching it: where the innermost temporal loop that
  // moves the tile of level `inner` moves it by just as much as the next instance is away, that
  // instance held the new tile one step before, and of `neighbours` in a row only the last has to
  // fetch. `words`: that each of the others is handed over the whole run; 0: none.
  struct Handed {
    std::int64_t neighbours = 1;
    std::int64_t words = 0;
  };
  Handed handed_on(const Tile& tile, std::size_t outer, std::size_t inner) const noexcept {
    for (std::size_t i = nest_.temporal_inside[inner]; i < nest_.temporal_count; ++i) {
      const Step& step = nest_.temporal[i];
      const std::int64_t shift = tensor_.factor_of_dim[step.dim] * step.stride;
      if (shift == 0) {
        continue;
      }
      const std::size_t rank = tensor_.rank_of_dim[step.dim];
      const Step* const spread = only_spread(rank, outer, inner);
      if (spread == nullptr || tensor_.factor_of_dim[spread->dim] * spread->stride != shift) {
        return {};
      }
      Shifts still;
      std::fill_n(still.begin(), tensor_.count, 0);
      const std::int64_t fresh = tile.words() - tile.shared(rank, shift, still);
      return {spread->bound, fresh * (step.bound - 1) * products_.temporal_from[i + 1]};
    }
    return {};
  }

  // Of `all` children of one instance of level `outer`, instances of level `inner`: those whose
  // tiles differ. Loops of one dimension always name different ones; two dimensions of one
  // coordinate may not. `dims`: of the spatial loops between the levels.
  std::int64_t distinct_children(std::int64_t all, std::uint32_t dims, std::size_t outer,
                                 std::size_t inner) const noexcept {
    for (std::size_t r = 0; r < tensor_.count; ++r) {
      const Rank& rank = tensor_.rank[r];
      if (rank.factor[1] > 0 && (dims >> rank.dim[0] & 1) != 0 && (dims >> rank.dim[1] & 1) != 0) {
        all = all / all_along(r, outer, inner, 0) * distinct_along(r, outer, inner, 0);
      }
    }
    return all;
  }

  // The children of one instance of a level that have no neighbour `distance` away along a
  // coordinate, of `all` that stand beside one another.
  struct Edge {
    std::int64_t rows = 1;      // so many children to each without a neighbour
    std::int64_t distinct = 1;  // those without whose tiles differ
  };
  Edge edge(std::int64_t all, std::uint32_t dims, std::size_t level, std::size_t rank,
            std::int64_t distance) const noexcept {
    const std::int64_t along = all_along(rank, level, level + 1, 0);
    const std::int64_t left = all_along(rank, level, level + 1, distance);
    const std::int64_t others =
        distinct_children(all, dims, level, level + 1) / distinct_along(rank, level, level + 1, 0);
    return {along / left, others * distinct_along(rank, level, level + 1, distance)};
  }

 private:
  static constexpr std::size_t kNone = 2 * kMaxRank;

  // The only spatial loop between the levels that moves the tile along a coordinate; else null.
  const Step* only_spread(std::size_t rank, std::size_t outer, std::size_t inner) const noexcept {
    const Step* found = nullptr;
    for (std::size_t i = nest_.spatial_inside[inner]; i < nest_.spatial_inside[outer]; ++i) {
      const Step& step = nest_.spatial[i];
      if (tensor_.depends_on(step.dim) && tensor_.rank_of_dim[step.dim] == rank) {
        if (found != nullptr) {
          return nullptr;
        }
        found = &step;
      }
    }
    return found;
  }

  // Of the spatial loops between the levels that move a coordinate, but not by `skipped`.
  std::int64_t all_along(std::size_t rank, std::size_t outer, std::size_t inner,
                         std::int64_t skipped) const noexcept {
    std::int64_t product = 1;
    for (std::size_t i = nest_.spatial_inside[inner]; i < nest_.spatial_inside[outer]; ++i) {
      const Step& step = nest_.spatial[i];
      const bool counts = tensor_.depends_on(step.dim) && tensor_.rank_of_dim[step.dim] == rank &&
                          tensor_.factor_of_dim[step.dim] * step.stride != skipped;
      product *= counts ? step.bound : 1;
    }
    return product;
  }

  // Loops of one dimension that continue each other count as one progression.
  std::int64_t distinct_along(std::size_t rank, std::size_t outer, std::size_t inner,
                              std::int64_t skipped) const noexcept {
    std::array<Progression, kMaxLoops> parts;
    std::array<std::size_t, kMaxLoops> part_dim;
    std::size_t count = 0;
    for (std::size_t i = nest_.spatial_inside[inner]; i < nest_.spatial_inside[outer]; ++i) {
      const Step& step = nest_.spatial[i];
      if (!tensor_.depends_on(step.dim) || tensor_.rank_of_dim[step.dim] != rank) {
        continue;
      }
      const std::int64_t stride = tensor_.factor_of_dim[step.dim] * step.stride;
      if (stride == skipped) {
        continue;
      }
      bool merged = false;
      for (std::size_t p = 0; p < count && !merged; ++p) {
        merged = part_dim[p] == step.dim && parts[p].step * parts[p].count == stride;
        parts[p].count *= merged ? step.bound : 1;
      }
      if (!merged) {
        parts[count] = {stride, step.bound};
        part_dim[count++] = step.dim;
      }
    }
    return distinct_sums({parts.data(), count});
  }

  const TensorRanks& tensor_;
  const Nest& nest_;
  const Products& products_;
};

}  // namespace imbrex::nests
