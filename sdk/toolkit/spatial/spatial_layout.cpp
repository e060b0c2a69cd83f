#include <imbrex/plugin/error.hpp>
#include <imbrex/toolkit/spatial/spatial_layout.hpp>

#include <algorithm>
#include <numeric>

namespace imbrex::spatial {
namespace {

SpatialLayout empty_layout(LayoutKind kind, std::int32_t rows, std::int32_t columns,
                           std::size_t stages) {
  SpatialLayout layout;
  layout.kind = kind;
  layout.rows = rows;
  layout.columns = columns;
  layout.stages = static_cast<std::int32_t>(stages);
  layout.cell_columns = columns;
  layout.stage_of.assign(rows * columns, 0);
  return layout;
}

std::int16_t& element(SpatialLayout& layout, std::int64_t row, std::int64_t column) noexcept {
  return layout.stage_of[row * layout.columns + column];
}

std::size_t stage_count(std::span<const std::int16_t> stages) noexcept {
  return static_cast<std::size_t>(*std::max_element(stages.begin(), stages.end()) + 1);
}

// Rectangles of one band, left to right.
void fill_band(SpatialLayout& layout, std::int64_t first_row, std::int64_t height,
               std::span<const std::int16_t> stages, std::span<const std::int64_t> widths) {
  std::int64_t column = 0;
  for (std::size_t i = 0; i < stages.size(); ++i) {
    for (std::int64_t r = first_row; r < first_row + height; ++r) {
      std::fill_n(&element(layout, r, column), widths[i], stages[i]);
    }
    column += widths[i];
  }
}

SpatialLayout quadrants_of_two(std::int32_t rows, std::int32_t columns,
                               std::span<const std::int64_t> work) {
  SpatialLayout layout = empty_layout(LayoutKind::blocked_2d, rows, columns, 2);
  const std::vector<std::int64_t> widths = min_max_shares(work, columns);
  const std::int64_t mirrored[] = {widths[1], widths[0]};
  const std::int16_t order[] = {0, 1};
  const std::int16_t swapped[] = {1, 0};
  fill_band(layout, 0, rows / 2, order, widths);
  fill_band(layout, rows / 2, rows - rows / 2, swapped, mirrored);
  return layout;
}

// Largest divisor not above the root.
std::size_t bands_of(std::size_t stages) noexcept {
  std::size_t bands = 1;
  for (std::size_t b = 1; b * b <= stages; ++b) {
    bands = stages % b == 0 ? b : bands;
  }
  return bands;
}

}  // namespace

SpatialLayout blocked_1d(std::int32_t rows, std::int32_t columns,
                         std::span<const std::int64_t> widths) {
  IMBREX_ASSERT(std::accumulate(widths.begin(), widths.end(), std::int64_t{0}) == columns);
  SpatialLayout layout = empty_layout(LayoutKind::blocked_1d, rows, columns, widths.size());
  std::vector<std::int16_t> stages(widths.size());
  std::iota(stages.begin(), stages.end(), std::int16_t{0});
  fill_band(layout, 0, rows, stages, widths);
  return layout;
}

std::optional<SpatialLayout> blocked_2d(std::int32_t rows, std::int32_t columns,
                                        std::span<const std::int64_t> work) {
  const std::size_t stages = work.size();
  const std::size_t bands = bands_of(stages);
  if (stages == 2 && rows >= 2 && columns >= 2) {
    return quadrants_of_two(rows, columns, work);
  }
  const std::size_t width = stages / bands;
  if (bands < 2 || std::cmp_less(rows, bands) || std::cmp_less(columns, width)) {
    return std::nullopt;
  }
  SpatialLayout layout = empty_layout(LayoutKind::blocked_2d, rows, columns, stages);
  layout.cell_rows = rows;
  std::vector<std::int64_t> band_work(bands, 0);
  for (std::size_t i = 0; i < stages; ++i) {
    band_work[i / width] += work[i];
  }
  const std::vector<std::int64_t> heights = min_max_shares(band_work, rows);
  std::int64_t first_row = 0;
  for (std::size_t b = 0; b < bands; ++b) {
    std::vector<std::int64_t> widths = min_max_shares(work.subspan(b * width, width), columns);
    std::vector<std::int16_t> order(width);
    std::iota(order.begin(), order.end(), static_cast<std::int16_t>(b * width));
    if (b % 2 == 1) {
      std::reverse(order.begin(), order.end());
      std::reverse(widths.begin(), widths.end());
    }
    fill_band(layout, first_row, heights[b], order, widths);
    first_row += heights[b];
  }
  return layout;
}

SpatialLayout striped(std::int32_t rows, std::int32_t columns,
                      std::span<const std::int16_t> period) {
  SpatialLayout layout = cells(rows, columns, 1, static_cast<std::int32_t>(period.size()), period);
  layout.kind = LayoutKind::striped;
  return layout;
}

std::vector<std::int16_t> stripe_period(std::span<const std::int64_t> shares) {
  std::vector<std::int16_t> period;
  const auto append = [&](std::size_t stage, std::int64_t count) {
    period.insert(period.end(), static_cast<std::size_t>(count), static_cast<std::int16_t>(stage));
  };
  if (shares.size() == 2 && shares[0] != shares[1]) {
    const std::size_t minor = shares[0] < shares[1] ? 0 : 1;
    const std::int64_t before = (shares[1 - minor] - (shares[1 - minor] > 1 ? 1 : 0)) / 2;
    append(1 - minor, before);
    append(minor, shares[minor]);
    append(1 - minor, shares[1 - minor] - before);
    return period;
  }
  for (std::size_t stage = 0; stage < shares.size(); ++stage) {
    append(stage, shares[stage]);
  }
  return period;
}

SpatialLayout cells(std::int32_t rows, std::int32_t columns, std::int32_t cell_rows,
                    std::int32_t cell_columns, std::span<const std::int16_t> cell) {
  IMBREX_ASSERT(rows % cell_rows == 0 && columns % cell_columns == 0);
  IMBREX_ASSERT(std::ssize(cell) == cell_rows * cell_columns);
  SpatialLayout layout = empty_layout(LayoutKind::cells, rows, columns, stage_count(cell));
  layout.cell_rows = cell_rows;
  layout.cell_columns = cell_columns;
  for (std::int32_t r = 0; r < rows; ++r) {
    for (std::int32_t c = 0; c < columns; ++c) {
      element(layout, r, c) =
          cell[static_cast<std::size_t>((r % cell_rows) * cell_columns + c % cell_columns)];
    }
  }
  return layout;
}

SpatialLayout error_diffused(std::int32_t rows, std::int32_t columns,
                             std::span<const std::int64_t> shares) {
  IMBREX_ASSERT(std::accumulate(shares.begin(), shares.end(), std::int64_t{0}) == columns);
  SpatialLayout layout = empty_layout(LayoutKind::error_diffused, rows, columns, shares.size());
  std::vector<std::int64_t> count(shares.size(), 0);
  for (std::int64_t c = 0; c < columns; ++c) {
    // Deficits times the total, so that they stay integers; ties by index.
    const auto deficit = [&](std::size_t i) { return shares[i] * (c + 1) - count[i] * columns; };
    std::size_t furthest = 0;
    for (std::size_t i = 1; i < shares.size(); ++i) {
      furthest = deficit(i) > deficit(furthest) ? i : furthest;
    }
    ++count[furthest];
    for (std::int64_t r = 0; r < rows; ++r) {
      element(layout, r, c) = static_cast<std::int16_t>(furthest);
    }
  }
  return layout;
}

SpatialLayout folded_stripes(std::int32_t rows, std::int32_t columns,
                             std::span<const std::int64_t> shares) {
  std::int64_t height = rows;
  for (const std::int64_t share : shares) {
    height = std::gcd(height, share);
  }
  SpatialLayout layout = empty_layout(LayoutKind::folded_stripes, rows, columns, shares.size());
  layout.cell_rows = rows;
  std::int64_t position = 0;  // column of the unfolded stripe
  for (std::size_t stage = 0; stage < shares.size(); ++stage) {
    for (std::int64_t i = 0; i < shares[stage] / height; ++i, ++position) {
      const std::int64_t stripe = position / columns;
      const std::int64_t along = position % columns;
      const std::int64_t column = stripe % 2 == 0 ? along : columns - 1 - along;
      for (std::int64_t r = stripe * height; r < (stripe + 1) * height; ++r) {
        element(layout, r, column) = static_cast<std::int16_t>(stage);
      }
    }
  }
  return layout;
}

}  // namespace imbrex::spatial
