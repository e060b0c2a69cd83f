// How many crossbars hold one copy of an operator's weights: im2col, rows = R*S*C, columns = K
// times the columns of one weight (specification clsa-cim section 4). Pure; shared by architecture
// models that size themselves from the network, by cost models and by everything that cuts layers.
//
// The columns of one weight (slices of its bits, each once or as a pair for its sign) lie in one
// crossbar: their sums are shifted and added behind it. So a crossbar holds whole weights, and the
// columns at its edge that are too few for one more stay empty.
#pragma once

#include <imbrex/values/architecture.hpp>
#include <imbrex/values/mapping.hpp>
#include <imbrex/values/region.hpp>
#include <imbrex/values/workload.hpp>

#include <optional>

namespace imbrex::segments {

struct CrossbarTiling {
  std::int64_t row_tiles = 0;
  std::int64_t column_tiles = 0;
  constexpr std::int64_t crossbars() const noexcept { return row_tiles * column_tiles; }
};

// Whole weights that lie side by side in so many crossbars. A weight wider than a crossbar takes
// several of its own. All three numbers must be positive. O(1).
constexpr std::int64_t weights_across(std::int64_t crossbars, std::int64_t columns,
                                      std::int64_t columns_per_weight) noexcept {
  return columns_per_weight <= columns ? crossbars * (columns / columns_per_weight)
                                       : crossbars / ceil_div(columns_per_weight, columns);
}

// Crossbars side by side that hold so many whole weights: the inverse of `weights_across`. O(1).
constexpr std::int64_t crossbars_across(std::int64_t weights, std::int64_t columns,
                                        std::int64_t columns_per_weight) noexcept {
  return columns_per_weight <= columns ? ceil_div(weights, columns / columns_per_weight)
                                       : weights * ceil_div(columns_per_weight, columns);
}

// Grouped operators are packed block-diagonally: as many whole groups per crossbar as fit both ways
// (specification section 3, last paragraph). Operators without constant weights have no tiling: 0 x
// 0.
constexpr CrossbarTiling crossbar_tiling(const LoopBounds& bounds, std::int64_t rows,
                                         std::int64_t columns,
                                         std::int64_t columns_per_weight) noexcept {
  const std::int64_t group_rows = bounds[Dim::R] * bounds[Dim::S] * bounds[Dim::C];
  const std::int64_t groups = bounds[Dim::G];
  const std::int64_t by_columns = weights_across(1, columns, columns_per_weight) / bounds[Dim::K];
  if (groups > 1 && group_rows <= rows && by_columns > 0) {
    const std::int64_t by_rows = rows / group_rows;
    const std::int64_t packed = by_rows < by_columns ? by_rows : by_columns;
    return {ceil_div(groups, packed), 1};
  }
  return {groups * ceil_div(group_rows, rows),
          crossbars_across(bounds[Dim::K], columns, columns_per_weight)};
}

// Does the operator run as matrix-vector products on crossbars? Only with constant weights.
inline bool runs_on_crossbars(const Operator& op) noexcept {
  return op.has_macs() && op.stationary_weights;
}

// A crossbar sums over all inputs and yields all channels at once, so only samples, rows and
// columns loop, in this order: a batch is a pipeline of samples. The dimension of a chain of jobs
// (`Operator::chain`) loops outermost, one step per job: steps come one after another for all.
// Nothing of it is about cells: a canonical mapping for any hardware that computes whole positions.
inline Mapping crossbar_mapping(const LoopBounds& bounds, const JobShape& shape,
                                std::optional<Dim> chain = std::nullopt) noexcept {
  const auto [height, width] = shape.extent(bounds[Dim::P], bounds[Dim::Q]);
  const std::int64_t batch = bounds[Dim::N];
  const std::int64_t samples = shape.samples > 0 && shape.samples < batch ? shape.samples : batch;
  Mapping mapping;
  mapping.job_extent = bounds.bound;
  const auto loop = [&](Dim dim, std::int64_t extent) {
    mapping.job_extent[index(dim)] = extent;
    mapping.loops[mapping.count].dim = dim;
    mapping.loops[mapping.count].bound = ceil_div(bounds[dim], extent);
    mapping.outer = ++mapping.count;
  };
  if (chain) {
    loop(*chain, 1);
  }
  if (batch > 1 && chain != Dim::N) {
    loop(Dim::N, samples);
  }
  if (chain != Dim::P) {
    loop(Dim::P, height);
  }
  if (chain != Dim::Q) {
    loop(Dim::Q, width);
  }
  return mapping;
}

inline std::int64_t crossbars_of_one_copy(const Operator& op, const ComputeUnit& unit) noexcept {
  return runs_on_crossbars(op)
             ? crossbar_tiling(op.bounds, unit.rows, unit.columns, unit.columns_per_weight)
                   .crossbars()
             : 0;
}

}  // namespace imbrex::segments
