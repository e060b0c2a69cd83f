// Which tiles of the grid hold an operator, and how far two operators are apart. XY-routed mesh, so
// the distance of two tiles is |rows| + |columns|; the farthest pair of two sets lies at tiles that
// are extreme in row + column or in row - column.
#pragma once

#include <imbrex/values/architecture.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace imbrex {

// Tiles extreme in row + column (low, high) and in row - column (low, high); row-major indices.
struct TileSpan {
  std::array<std::int64_t, 4> extreme{0, 0, 0, 0};
};

// Tiles [first, last] in row-major order. What lies beyond the grid sits on its last tile: whether
// the design fits at all is the capacity check's question. Of equally extreme tiles the first. An
// extreme one begins or ends a row, among the first two rows or the last two. O(1).
inline TileSpan tile_span(const TileGridShape& grid, std::int64_t first,
                          std::int64_t last) noexcept {
  const std::int64_t limit = grid.rows * grid.columns - 1;
  first = std::min(first, limit);
  last = std::min(last, limit);
  const auto sum = [&](std::int64_t t) { return t / grid.columns + t % grid.columns; };
  const auto difference = [&](std::int64_t t) { return t / grid.columns - t % grid.columns; };
  const std::int64_t second_row = first - first % grid.columns + grid.columns;
  const std::int64_t last_row = last - last % grid.columns;
  TileSpan span{{first, first, first, first}};
  for (const std::int64_t t : {second_row - 1, second_row, last_row - 1, last_row, last}) {
    if (t <= first || t > last) {
      continue;
    }
    std::array<std::int64_t, 4>& e = span.extreme;
    e[0] = sum(t) < sum(e[0]) ? t : e[0];
    e[1] = sum(t) > sum(e[1]) ? t : e[1];
    e[2] = difference(t) < difference(e[2]) ? t : e[2];
    e[3] = difference(t) > difference(e[3]) ? t : e[3];
  }
  return span;
}

inline std::int64_t tile_distance(const TileGridShape& grid, std::int64_t a,
                                  std::int64_t b) noexcept {
  const std::int64_t rows = a / grid.columns - b / grid.columns;
  const std::int64_t columns = a % grid.columns - b % grid.columns;
  return (rows < 0 ? -rows : rows) + (columns < 0 ? -columns : columns);
}

// A pair (tile of a, tile of b) at the largest distance; ties by order of `extreme`.
inline std::pair<std::int64_t, std::int64_t> farthest_tiles(const TileGridShape& grid,
                                                            const TileSpan& a,
                                                            const TileSpan& b) noexcept {
  std::pair<std::int64_t, std::int64_t> best{a.extreme[0], b.extreme[0]};
  for (const std::int64_t from : a.extreme) {
    for (const std::int64_t to : b.extreme) {
      if (tile_distance(grid, from, to) > tile_distance(grid, best.first, best.second)) {
        best = {from, to};
      }
    }
  }
  return best;
}

}  // namespace imbrex
