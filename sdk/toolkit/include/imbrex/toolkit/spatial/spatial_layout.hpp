// How many processing elements each stage of a pipelined segment gets, and which ones. Pure.
// [any thread] Source: specification pipeorgan, sections 5.1 and 5.2.
#pragma once

#include <imbrex/values/floor_plan.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace imbrex::spatial {

// --- Shares ------------------------------------------------------------------------------------

// Splits `total` into one share >= 1 per stage so that max work/share is least (not the nearest
// rounding: 9:1 on 32 is 28:4). Exact; of equal choices the one that serves lower stages first.
// Requires: work >= 0, 1 <= stages <= total. O(total log stages).
std::vector<std::int64_t> min_max_shares(std::span<const std::int64_t> work, std::int64_t total);

// sum work / (total * max work/share): 1 when every stage is equally busy.
double utilisation(std::span<const std::int64_t> work,
                   std::span<const std::int64_t> shares) noexcept;

// TANGRAM's allocator: shares that are multiples of a common factor of the array's height, the
// largest factor whose utilisation reaches `least_utilisation`; the sum is repaired on the stage
// that deviates most.
struct CommonFactorShares {
  std::int64_t factor = 0;
  std::vector<std::int64_t> shares;
  double utilisation = 0;
};
// No value when no factor reaches it. Requires as above, with total = rows * columns.
std::optional<CommonFactorShares> common_factor_shares(std::span<const std::int64_t> work,
                                                       std::int32_t rows, std::int32_t columns,
                                                       double least_utilisation);

// --- Layouts -----------------------------------------------------------------------------------

// Contiguous ranges of columns. Requires: widths >= 1 and their sum is `columns`.
SpatialLayout blocked_1d(std::int32_t rows, std::int32_t columns,
                         std::span<const std::int64_t> widths);
// Rectangles in bands: stages snake through a grid of them (0 1 / 3 2), so that neighbours in the
// pipeline touch; band heights and widths in proportion to the work. Two stages: a coarse
// checkerboard of quadrants. No value when the array is too small or the stages form no grid of at
// least two bands.
std::optional<SpatialLayout> blocked_2d(std::int32_t rows, std::int32_t columns,
                                        std::span<const std::int64_t> work);
// Column c works for period[c mod size]. Requires: the size divides `columns`.
SpatialLayout striped(std::int32_t rows, std::int32_t columns,
                      std::span<const std::int16_t> period);
// Small integer shares as a period for `striped`: of two stages the smaller one sits in the middle
// (PPPCPPPP), which halves the load; of more, in pipeline order.
std::vector<std::int16_t> stripe_period(std::span<const std::int64_t> shares);
// A cell (row-major, cell_rows x cell_columns) repeated over the array. Requires: its sides divide
// the array's. {0,1,1,0} is the checkerboard, {0,1,3,2} the ring of four stages.
SpatialLayout cells(std::int32_t rows, std::int32_t columns, std::int32_t cell_rows,
                    std::int32_t cell_columns, std::span<const std::int16_t> cell);
// Every column goes to the stage that is furthest behind its share; any shares of columns.
// Requires: shares >= 1 with sum `columns`.
SpatialLayout error_diffused(std::int32_t rows, std::int32_t columns,
                             std::span<const std::int64_t> shares);
// TANGRAM's: stripes of height gcd(rows, shares), filled in zig-zag, folded at the border.
// Requires: the shares (of elements) add up to the array.
SpatialLayout folded_stripes(std::int32_t rows, std::int32_t columns,
                             std::span<const std::int64_t> shares);

}  // namespace imbrex::spatial
