// When is a region of an operator's output complete? The other half of the common language of all
// analyzers (design, section 2a), beside the WorkOrder. Three representations of one question.
#pragma once

#include <imbrex/values/loop_nest.hpp>
#include <imbrex/values/work_order.hpp>

#include <array>
#include <optional>
#include <variant>
#include <vector>

namespace imbrex {

// --- Finish index --------------------------------------------------------------------------------
//
// In which step of a mapped operator does the last contribution to a region of its output fall?
// By walking digits, or by looking up per-dimension tables; the answers are equal (specification
// fast-overlapim, section 3.2). Immutable. [any thread]

class IMBREX_API FinishIndex {
 public:
  // `op` must outlive it. Tables cost O(D log D) once, then O(1) per axis instead of O(loops).
  FinishIndex(const Operator& op, const Mapping& mapping, bool with_tables);

  const LoopNest& nest() const noexcept { return nest_; }
  // What a non-empty interval of an output axis adds to the step.
  std::int64_t axis_max(std::size_t axis, Interval x) const noexcept;
  // Precondition: the region is not empty.
  std::int64_t ready_step(const Region& region) const noexcept;

 private:
  const Operator* op_;
  LoopNest nest_;
  std::array<std::optional<DimFinishTable>, kMaxRank> tables_;  // per output axis
};

// --- Tile times ----------------------------------------------------------------------------------
//
// One time per tile of an operator's output space: when the last job that contributes to the tile
// has ended. For servers that run apart, and for jobs dealt anew (specification fast-overlapim,
// section 4.3).

// The dimensions that number output points.
inline constexpr std::array<Dim, 5> kOutputDims = {Dim::N, Dim::G, Dim::K, Dim::P, Dim::Q};

class IMBREX_API TileTimes {
 public:
  // Tiles as large as the jobs of the mapping, or as the cells of the grid: no job straddles two.
  // `op` must outlive it.
  TileTimes(const Operator& op, const Mapping& mapping, const TileGrid* grid);

  void raise(const DimBox& box, std::int64_t end_ps);
  // First tile of the box, as a number below `size()`.
  std::size_t tile_of(const DimBox& box) const noexcept;
  std::size_t size() const noexcept { return levels_[0].size(); }
  // Largest value over the tiles that meet the region. O(tiles met), where axes that are met whole
  // count once: they are reduced the first time they are asked about. [one thread]
  std::int64_t max_over(const Region& region) const;

 private:
  using Ranges = std::array<Interval, kOutputDims.size()>;
  static constexpr std::size_t kMasks = std::size_t{1} << kOutputDims.size();

  void cut(std::size_t axis, std::int64_t extent, std::int64_t width);
  void cut_at(std::size_t axis, std::span<const std::int64_t> cuts);
  Ranges ranges(const DimBox& box) const noexcept;
  std::int64_t max_over(const DimBox& box) const;
  const std::vector<std::int64_t>& level(std::size_t mask) const;

  const Operator* op_;
  std::array<IndexVector<std::int64_t, std::int32_t>, kOutputDims.size()>
      tile_at_;  // per coordinate
  std::array<std::int64_t, kOutputDims.size()> tiles_{1, 1, 1, 1, 1};
  // Per set of axes reduced to their maximum; empty until asked for, except for the empty set.
  mutable std::array<std::vector<std::int64_t>, kMasks> levels_;
};

class IMBREX_API Completion {
 public:
  // An affine clock: step t of the nest ends everywhere at first_end_ps + t * period_ps.
  Completion(FinishIndex index, std::int64_t first_end_ps, std::int64_t period_ps);
  // One clock for all servers, and digits that number its steps: step t and all before it have
  // ended at step_end_ps[t], which never descends.
  Completion(FinishIndex index, IndexVector<std::int64_t, std::int64_t> step_end_ps);
  // A grid of end times.
  explicit Completion(TileTimes tiles);

  // Precondition: the region is not empty. O(loops), or as `TileTimes::max_over`. [one thread]
  std::int64_t ready_ps(const Region& region) const;

 private:
  struct Affine {
    FinishIndex index;
    std::int64_t first_end_ps;
    std::int64_t period_ps;
  };
  struct Steps {
    FinishIndex index;
    IndexVector<std::int64_t, std::int64_t> end_ps;
  };
  std::variant<Affine, Steps, TileTimes> form_;
};

}  // namespace imbrex
