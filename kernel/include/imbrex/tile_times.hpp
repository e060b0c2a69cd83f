// File: tile_times.hpp
//
// One time per tile of an operator's output space: when the last job that contributes to the tile
// has ended. For servers that run apart, and for jobs dealt anew (specification fast-overlapim,
// section 4.3).
#pragma once

#include <imbrex/work_order.hpp>

#include <array>
#include <vector>

namespace imbrex {

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
  std::array<std::vector<std::int32_t>, kOutputDims.size()> tile_at_;  // per coordinate
  std::array<std::int64_t, kOutputDims.size()> tiles_{1, 1, 1, 1, 1};
  // Per set of axes reduced to their maximum; empty until asked for, except for the empty set.
  mutable std::array<std::vector<std::int64_t>, kMasks> levels_;
};

}  // namespace imbrex
