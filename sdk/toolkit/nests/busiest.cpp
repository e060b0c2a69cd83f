#include <imbrex/toolkit/nests/busiest.hpp>
#include <imbrex/toolkit/nests/existing.hpp>

#include <algorithm>
#include <array>

namespace imbrex::nests {
namespace {

using Offsets = std::array<std::int64_t, 2>;  // in the two dimensions of a coordinate

// Instances of a level along one padded coordinate.
class Along {
 public:
  Along(const Rank& rank, const LoopBounds& bounds, const Nest& nest, std::size_t level)
      : rank_(rank), nest_(nest), level_(level) {
    for (std::size_t side = 0; side < sides(); ++side) {
      const std::size_t dim = rank.dim[side];
      for (std::size_t i = 0; i < nest.temporal_count; ++i) {
        span_[side] += span(nest.temporal[i], dim);
      }
      for (std::size_t i = 0; i < nest.spatial_inside[level]; ++i) {
        span_[side] += span(nest.spatial[i], dim);
      }
      reach_ += rank.factor[side] * span_[side];
      last_[side] = bounds.bound[dim] - 1 - span_[side];
    }
  }

  // Calls visit(offsets) for each, the first one first.
  template <class Visit>
  void each(Visit&& visit) const {
    go(nest_.spatial_inside[level_], Offsets{}, visit);
  }

  // Does one of them do all its steps, away from the padding?
  bool has_inner() const {
    bool found = false;
    each([&](const Offsets& at) {
      const std::int64_t low = rank_.offset + rank_.factor[0] * at[0] + rank_.factor[1] * at[1];
      const bool whole = at[0] <= last_[0] && at[1] <= last_[1];
      found = found || (whole && low >= 0 && low + reach_ < rank_.extent);
    });
    return found;
  }

 private:
  static std::int64_t span(const Step& loop, std::size_t dim) noexcept {
    return loop.dim == dim ? (loop.bound - 1) * loop.stride : 0;
  }
  std::size_t sides() const noexcept { return rank_.factor[1] > 0 ? 2 : 1; }

  template <class Visit>
  void go(std::size_t loop, Offsets at, Visit& visit) const {
    while (loop < nest_.spatial_count && side_of(loop) == sides()) {
      ++loop;
    }
    if (loop == nest_.spatial_count) {
      visit(at);
      return;
    }
    const Step& step = nest_.spatial[loop];
    for (std::int64_t i = 0; i < step.bound; ++i) {
      go(loop + 1, at, visit);
      at[side_of(loop)] += step.stride;
    }
  }
  std::size_t side_of(std::size_t loop) const noexcept {
    std::size_t side = 0;
    while (side < sides() && nest_.spatial[loop].dim != rank_.dim[side]) {
      ++side;
    }
    return side;
  }

  const Rank& rank_;
  const Nest& nest_;
  std::size_t level_;
  Offsets span_{};          // of one instance's loops, in the dimensions
  Offsets last_{};          // where an instance may begin and be whole
  std::int64_t reach_ = 0;  // of one instance along the coordinate
};

struct Search {
  const DimLoops& loops;
  std::size_t levels;
  std::size_t child;
  std::size_t merged;

  // The coordinates from `rank` on are still those of the first instance. An instance that stands
  // further on is the first one of an operator that begins there.
  double most(const TensorRanks& tensor, const LoopBounds& bounds, std::size_t rank) const {
    while (rank < tensor.count && tensor.rank[rank].extent == 0) {
      ++rank;
    }
    if (rank == tensor.count) {
      return entering_words(tensor, bounds, loops, levels, child, merged, Instances::first);
    }
    const Rank& mine = tensor.rank[rank];
    const Along along(mine, bounds, loops.nest(), merged);
    TensorRanks moved = tensor;
    if (along.has_inner()) {
      moved.rank[rank].extent = 0;
      return most(moved, bounds, rank + 1);
    }
    double result = 0;
    along.each([&](const Offsets& at) {
      LoopBounds rest = bounds;
      moved.rank[rank].offset = mine.offset + mine.factor[0] * at[0] + mine.factor[1] * at[1];
      bool works = true;
      for (std::size_t side = 0; side < at.size(); ++side) {
        std::int64_t& bound = rest.bound[mine.dim[side]];
        bound -= is_uneven(mine.dim[side]) ? at[side] : 0;
        works = works && bound > 0;
      }
      result = works ? std::max(result, most(moved, rest, rank + 1)) : result;
    });
    return result;
  }

  // Else all instances find what they want.
  bool is_uneven(std::size_t dim) const noexcept { return (loops.nest().uneven >> dim & 1) != 0; }
};

}  // namespace

bool are_alike(const TensorRanks& tensor, const Nest& nest, std::size_t level) noexcept {
  std::uint32_t cut = nest.uneven;  // dimensions along which not all tiles are alike
  for (std::size_t r = 0; r < tensor.count; ++r) {
    const Rank& rank = tensor.rank[r];
    for (std::size_t i = 0; i < rank.dim.size(); ++i) {
      cut |= rank.factor[i] > 0 && rank.extent > 0 ? 1u << rank.dim[i] : 0;
    }
  }
  std::uint32_t dims = 0;
  for (std::size_t i = nest.spatial_inside[level]; i < nest.spatial_count; ++i) {
    dims |= 1u << nest.spatial[i].dim;
  }
  return (dims & cut) == 0;
}

double most_entering_words(const TensorRanks& tensor, const LoopBounds& bounds,
                           const DimLoops& loops, std::size_t levels, std::size_t child,
                           std::size_t merged) {
  return Search{loops, levels, child, merged}.most(tensor, bounds, 0);
}

}  // namespace imbrex::nests
